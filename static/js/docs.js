/** Copy buttons on the examples of the API's page. */

import { copyText } from "./lib/dom.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const copied = await copyText(button.parentElement.querySelector("code").textContent);
    button.textContent = copied ? "Copied" : "Select it by hand";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}
