/** The logo: it is sent as soon as it is chosen, and shown as pages show it. */

import { request } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { toast } from "../lib/toasts.js";

const LARGEST = 2 * 1024 * 1024;
const PATH = "/api/settings/logo";
const byId = (id) => document.getElementById(id);

/** Let staff set and remove the logo; `saved(answer)` takes the settings after that. */
export function logoField(saved) {
  const file = byId("logo-file");
  file.addEventListener("change", async () => {
    const [picture] = file.files;
    file.value = "";
    if (!picture) return;
    if (picture.size > LARGEST) complain("This picture has more than 2 MB.");
    else await save(() => request("PUT", PATH, picture, { "Content-Type": picture.type || "application/octet-stream" }), saved);
  });
  byId("logo-remove").addEventListener("click", () => save(() => request("DELETE", PATH), saved));
}

async function save(ask, saved) {
  complain("");
  try {
    const answer = await ask();
    show(answer.settings.logo_url.value);
    saved(answer);
    toast({ title: "The logo is changed on every page", tone: "good", stays: 2500 });
  } catch (error) {
    complain(error.status === 422 || error.status === 415 ? "This is no picture that can be shown: it must be a PNG, JPEG, WebP or GIF of 12 megapixels at most." : error.explanation ?? String(error));
  }
}

function show(address) {
  const picture = address ? el("img", { src: address, alt: "The logo" }) : el("span.faint", {}, "None");
  byId("logo-frame").replaceChildren(picture);
  byId("logo-remove").hidden = !address;
}

function complain(text) {
  const place = byId("error-logo");
  place.textContent = text;
  place.hidden = !text;
}
