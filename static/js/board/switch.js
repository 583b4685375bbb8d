/** A switch of this device, which all its tabs share and a reload does not forget. */

export class Switch extends EventTarget {
  #name;
  #here = null;

  constructor(name) {
    super();
    this.#name = name;
    addEventListener("storage", ({ key }) => key === name && this.dispatchEvent(new Event("change")));
  }

  get isSet() {
    return this.#value !== null;
  }

  get isOn() {
    return this.#value === "on";
  }

  set(isOn) {
    this.#here = isOn ? "on" : "off";
    try {
      localStorage.setItem(this.#name, this.#here);
    } catch {
      // Some browsers keep nothing; then it holds for this page.
    }
    this.dispatchEvent(new Event("change"));
  }

  get #value() {
    try {
      return localStorage.getItem(this.#name) ?? this.#here;
    } catch {
      return this.#here;
    }
  }
}
