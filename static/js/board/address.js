/** The page's own address. Several parts write into it, and each leaves alone what the others have. */

/** Set parameters, `{name: text}`; null takes one away. */
export function setAddress(changes) {
  const parameters = new URLSearchParams(location.search);
  for (const [name, text] of Object.entries(changes)) {
    if (text === null) parameters.delete(name);
    else parameters.set(name, text);
  }
  write(parameters);
}

/** Put the query of a filter there in place of the one before; the parameters `kept` stay. */
export function replaceQuery(text, kept) {
  const now = new URLSearchParams(location.search);
  const parameters = new URLSearchParams(text);
  for (const name of kept) if (now.has(name)) parameters.set(name, now.get(name));
  write(parameters);
}

function write(parameters) {
  const text = parameters.toString();
  history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
}
