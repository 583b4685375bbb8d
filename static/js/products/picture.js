/** A product's picture: it is sent as soon as it is chosen, and shown as pages show it. */

import { request } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { KEPT_HERE, urlOf } from "./words.js";

const LARGEST = 10 * 1024 * 1024;
const NO_PICTURE = "This is no picture that can be shown: it must be a PNG, JPEG, WebP or GIF of 16 megapixels at most.";

/** A field for the picture of a product; `saved(product)` takes the product after each change. */
export function pictureField({ sku, image }, saved) {
  const path = `${urlOf(sku)}/picture`;
  const frame = el("div.picture-frame");
  const error = el("p.error", { role: "alert" });
  const file = el("input.visually-hidden", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif" });
  const label = el("label.button.file-button", {}, "Choose a picture", file);
  const remove = el("button.button.quiet.danger", { type: "button" }, "Remove");
  const show = (address) => {
    // Pictures that lie elsewhere are shown to customers alone: this page loads nothing of others.
    const here = address?.startsWith(KEPT_HERE);
    frame.replaceChildren(here ? el("img", { src: address, alt: "The picture" }) : el("span.faint", {}, address ? "Elsewhere" : "None"));
    remove.hidden = !address;
  };
  const save = async (ask) => {
    error.textContent = "";
    label.setAttribute("aria-busy", "true");
    try {
      const product = await ask();
      show(product.image);
      saved(product);
    } catch (fault) {
      error.textContent = fault.status === 422 || fault.status === 415 ? NO_PICTURE : fault.explanation ?? String(fault);
    }
    label.removeAttribute("aria-busy");
  };
  file.addEventListener("change", () => {
    const [picture] = file.files;
    file.value = "";
    if (!picture) return;
    if (picture.size > LARGEST) error.textContent = "This picture has more than 10 MB.";
    else save(() => request("PUT", path, picture, { "Content-Type": picture.type || "application/octet-stream" }));
  });
  remove.addEventListener("click", () => save(() => request("DELETE", path)));
  show(image);
  return el("div.field.wide", { role: "group", "aria-label": "Picture" },
    el("span.label", {}, "Picture"), el("div.picture-row", {}, frame, label, remove), error);
}
