/** The keyboard: one table of keys, silent while somebody types or a dialog is open. */

const TYPING = "input, textarea, select, [contenteditable]";

/** `actions` maps a key (as in KeyboardEvent.key) to what it does; true means it was handled. With
 *  Control (or Command) the browser has its own, but for Z. */
export function listenToKeys(actions) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && (event.key !== "z" || event.shiftKey)) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    if (event.key !== "Escape" && event.target.closest?.(TYPING)) return;
    if (actions[event.key]?.(event)) event.preventDefault();
  });
}
