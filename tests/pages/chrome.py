"""A browser whose tabs are those of a person: one is looked at, the others are in the background.

Playwright's own pages all believe that they are looked at, so they can neither be frozen nor be
kept in the back/forward cache. These tabs are driven through the protocol underneath.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from playwright.sync_api import Browser, CDPSession

from tests.servers import wait_until

Json = dict[str, Any]
_ANSWERS_WITHIN = 15
_CACHING = "--disable-back-forward-cache"


class Crashed(Exception):
    """The tab's process has ended."""


class Chrome:
    """One person's browser: cookies, tabs and scripts that run first on every page."""

    def __init__(self, session: CDPSession, cookies: list[Json], script: str) -> None:
        self.session = session
        self.script = script
        self.context = session.send("Target.createBrowserContext")["browserContextId"]
        self._of_context = {"browserContextId": self.context}
        session.send("Storage.setCookies", {"cookies": cookies, **self._of_context})

    def tab(self, address: str) -> "Tab":
        """A new tab in front of all the others."""
        opened = self.session.send(
            "Target.createTarget", {"url": "about:blank", **self._of_context}
        )
        tab = Tab(self.session, opened["targetId"])
        tab.send("Page.enable")
        tab.send("Page.addScriptToEvaluateOnNewDocument", source=self.script)
        tab.go(address)
        return tab

    def close(self) -> None:
        """Close all tabs."""
        self.session.send("Target.disposeBrowserContext", self._of_context)


class Tab:
    """One tab."""

    def __init__(self, session: CDPSession, target: str) -> None:
        self._session = session
        self._target = target
        self._asked = 0
        self._answers: dict[int, Json] = {}
        self._crashed = False
        session.on("Target.receivedMessageFromTarget", self._hear)
        attached = session.send("Target.attachToTarget", {"targetId": target, "flatten": False})
        self._id = attached["sessionId"]

    def go(self, address: str) -> None:
        """Navigate and wait until the page has loaded."""
        self.send("Page.navigate", url=address)
        self.wait_for(
            f"location.href === {json.dumps(address)} && document.readyState === 'complete'"
        )

    def back(self) -> None:
        """Go back to the page before."""
        history = self.send("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - 1]
        self.send("Page.navigateToHistoryEntry", entryId=entry["id"])
        self.wait_for(f"location.href === {json.dumps(entry['url'])}")

    def show(self) -> None:
        """Bring it to the front."""
        self._session.send("Target.activateTarget", {"targetId": self._target})

    def freeze(self) -> None:
        """Stop everything in it, as a browser does with tabs in the background."""
        self.send("Page.setWebLifecycleState", state="frozen")

    def thaw(self) -> None:
        """Let it go on."""
        self.send("Page.setWebLifecycleState", state="active")

    def hang(self, seconds: float) -> None:
        """Keep its page so busy that it does nothing else for a while."""
        busy = f"const end = Date.now() + {1000 * seconds}; while (Date.now() < end);"
        self.evaluate(f"setTimeout(() => {{ {busy} }}), undefined")

    def crash(self) -> None:
        """End its process there and then."""
        with suppress(Crashed):
            self.send("Page.crash")

    def close(self) -> None:
        """Close it."""
        self._session.send("Target.closeTarget", {"targetId": self._target})

    def evaluate(self, expression: str) -> Any:
        """What an expression, or a function, answers in its page."""
        text = f"({expression})()" if expression.lstrip().startswith("()") else expression
        answer = self.send("Runtime.evaluate", expression=text, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 10) -> None:
        """Wait until an expression is true in its page."""
        wait_until(lambda: self._holds(expression), seconds, expression)

    def send(self, method: str, **parameters: Any) -> Json:
        """Ask by the protocol; its answer."""
        self._asked += 1
        number = self._asked
        message = json.dumps({"id": number, "method": method, "params": parameters})
        self._session.send(
            "Target.sendMessageToTarget", {"sessionId": self._id, "message": message}
        )
        answer = wait_until(lambda: self._answer(number), _ANSWERS_WITHIN, method)
        assert "error" not in answer, answer["error"]
        found: Json = answer["result"]
        return found

    def _holds(self, expression: str) -> bool:
        with suppress(AssertionError):  # the page may be about to be another one
            return bool(self.evaluate(expression))
        return False

    def _answer(self, number: int) -> Json | None:
        if self._crashed:
            raise Crashed
        # Answers are heard while something is asked.
        self._session.send("Browser.getVersion")
        return self._answers.pop(number, None)

    def _hear(self, told: Json) -> None:
        if told["sessionId"] != self._id:
            return
        message = json.loads(told["message"])
        if "id" in message:
            self._answers[message["id"]] = message
        self._crashed |= message.get("method") == "Inspector.targetCrashed"


@contextmanager
def chrome(browser: Browser, path: str, *arguments: str) -> Iterator[CDPSession]:
    """Another process of the browser at ``path``, which keeps pages for going back."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    started = browser.browser_type.launch(
        executable_path=path, args=[*sandbox, *arguments], ignore_default_args=[_CACHING]
    )
    try:
        yield started.new_browser_cdp_session()
    finally:
        started.close()
