/** The keyboard: one table of keys, silent while somebody types or a dialog is open. */

const TYPING = "input, textarea, select, [contenteditable]";

/** `actions` maps a key (as in KeyboardEvent.key) to what it does; true means it was handled. */
export function listenToKeys(actions) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    if (event.key !== "Escape" && event.target.closest?.(TYPING)) return;
    if (actions[event.key]?.(event)) event.preventDefault();
  });
}
