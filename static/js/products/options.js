/** The part of the editor for what a customer chooses of a product: sizes, roasts, toppings. */

import { el, icon } from "../lib/dom.js";

export function optionFields(options) {
  const list = el("div.options.stack", {}, options.map(optionField));
  const add = () => {
    const added = optionField({ name: "", required: true, values: [{ value: "", price: "" }] });
    list.append(added);
    added.querySelector("input").focus();
  };
  return el("fieldset.product-options", {},
    el("legend", {}, "Options"),
    list,
    el("p.error", { data: { complaint: "options" } }),
    el("button.button.small", { type: "button", onclick: add }, icon("plus"), "Add an option"));
}

function optionField({ name, required, values }) {
  const list = el("div.option-values", {}, values.map(valueField));
  const element = el("div.option", {},
    el("div.cluster", {},
      el("input.input.option-name", { value: name, maxlength: "100", placeholder: "Size", "aria-label": "Name of the option" }),
      el("label.checkbox", {}, el("input.option-required", { type: "checkbox", checked: required }), "One must be chosen"),
      remover("Remove this option", () => element.remove())),
    list,
    el("button.button.quiet.small", { type: "button", onclick: () => addValue(list) }, icon("plus"), "Add a choice"));
  return element;
}

function addValue(list) {
  const added = valueField({ value: "", price: "" });
  list.append(added);
  added.querySelector("input").focus();
}

function valueField({ value, price }) {
  const element = el("div.option-value", {},
    el("input.input.value-name", { value, maxlength: "200", placeholder: "Large", "aria-label": "Choice" }),
    el("input.input.money-input.value-price", { value: price, inputmode: "decimal", placeholder: "0", "aria-label": "Costs more by" }),
    remover("Remove this choice", () => element.remove()));
  return element;
}

function remover(label, run) {
  return el("button.button.quiet.small.icon-only", { type: "button", "aria-label": label, onclick: run }, icon("close"));
}

/** The options as the API takes them; what was left empty is none. */
export function readOptions(form) {
  return [...form.querySelectorAll(".option")].map(readOption).filter(({ name, values }) => name || values.length);
}

function readOption(element) {
  const values = [...element.querySelectorAll(".option-value")].map((row) => ({
    value: row.querySelector(".value-name").value.trim(),
    price: row.querySelector(".value-price").value.trim() || "0",
  }));
  return {
    name: element.querySelector(".option-name").value.trim(),
    required: element.querySelector(".option-required").checked,
    values: values.filter(({ value }) => value),
  };
}
