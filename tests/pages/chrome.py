"""A browser whose tabs are those of a person: one is looked at, the others are in the background.

Playwright's own pages all believe that they are looked at, so they cannot be frozen. These tabs are
driven through the protocol underneath.
"""

import json
from contextlib import suppress
from typing import Any

from playwright.sync_api import CDPSession

from tests.servers import wait_until

Json = dict[str, Any]
_ANSWERS_WITHIN = 15


class Crashed(Exception):
    """The tab's process has ended."""


class Chrome:
    """One person's browser: cookies, tabs and a script that runs first on every page."""

    def __init__(self, session: CDPSession, cookies: list[Json], script: str) -> None:
        self.session = session
        self.script = script
        self._context = session.send("Target.createBrowserContext")
        session.send("Storage.setCookies", {"cookies": cookies, **self._context})

    def tab(self, address: str) -> "Tab":
        """A new tab in front of all the others."""
        opened = self.session.send("Target.createTarget", {"url": "about:blank", **self._context})
        tab = Tab(self.session, opened["targetId"])
        tab.send("Page.enable")
        tab.send("Page.addScriptToEvaluateOnNewDocument", source=self.script)
        tab.send("Page.navigate", url=address)
        tab.wait_for("location.href !== 'about:blank' && document.readyState === 'complete'")
        return tab

    def workers(self) -> list[str]:
        """The shared workers that run."""
        targets = self.session.send("Target.getTargets")["targetInfos"]
        mine = [one for one in targets if self._context.items() <= one.items()]
        return [one["targetId"] for one in mine if one["type"] == "shared_worker"]

    def close(self) -> None:
        """Close all tabs."""
        self.session.send("Target.disposeBrowserContext", self._context)


class Tab:
    """One tab."""

    def __init__(self, session: CDPSession, target: str) -> None:
        self._session = session
        self._target = {"targetId": target}
        self._asked = 0
        self._answers: dict[int, Json] = {}
        self._crashed = False
        session.on("Target.receivedMessageFromTarget", self._hear)
        attached = session.send("Target.attachToTarget", {**self._target, "flatten": False})
        self._id = attached["sessionId"]

    def freeze(self) -> None:
        """Stop everything in it, as a browser does with tabs in the background."""
        self.send("Page.setWebLifecycleState", state="frozen")

    def thaw(self) -> None:
        """Let it go on."""
        self.send("Page.setWebLifecycleState", state="active")

    def crash(self) -> None:
        """End its process there and then."""
        with suppress(Crashed):
            self.send("Page.crash")

    def close(self) -> None:
        """Close it."""
        self._session.send("Target.closeTarget", self._target)

    def evaluate(self, expression: str) -> Any:
        """What an expression, or a function, answers in its page."""
        text = f"({expression})()" if expression.lstrip().startswith("()") else expression
        answer = self.send("Runtime.evaluate", expression=text, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 10) -> None:
        """Wait until an expression is true in its page."""
        wait_until(lambda: self.evaluate(expression), seconds, expression)

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
