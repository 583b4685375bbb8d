/** Saved views: a menu to pick one, to keep what is looked at now, and to delete one's own. */

import { ApiError, del, get, post } from "../lib/api.js";
import { openForm } from "../lib/form-dialog.js";
import { checkbox, field, typed } from "../lib/form-fields.js";
import { openMenu } from "../lib/menu.js";
import { toast } from "../lib/toasts.js";

export class SavedViews {
  #button;
  #go;
  #all = [];
  #menu = null;

  /** `go(query)` shows what a view looks for; `feed` says when there are others. */
  constructor(button, feed, go) {
    this.#button = button;
    this.#go = go;
    button.addEventListener("click", () => this.open());
    feed.addEventListener("signal", ({ detail }) => detail.type === "views" && this.read());
    feed.addEventListener("reset", () => this.read());
    this.read();
  }

  get all() {
    return this.#all;
  }

  async read() {
    try {
      this.#all = (await get("/api/views")).views;
      this.#menu?.show(this.#items());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;  // the ones of before stay
    }
  }

  open() {
    this.read();  // also for those whose stream does not tell of views
    this.#menu = openMenu(this.#button, { heading: "Views", items: this.#items(), onclose: () => { this.#menu = null; } });
  }

  show({ query }) {
    this.#go(query);
  }

  /** Keep what is looked at now. */
  save() {
    const query = location.search.slice(1);
    openForm({
      title: "Save this view",
      content: [field("name", "Name", { maxlength: "100" }), checkbox("shared", "Share it with everybody of the staff")],
      confirm: "Save",
      send: async (form) => {
        const view = await post("/api/views", { name: typed(form, "name"), query, shared: form.elements.shared.checked });
        this.#all = [...this.#all.filter(({ id }) => id !== view.id), view].sort((a, b) => a.name.localeCompare(b.name));
        toast({ title: `${view.name} saved`, tone: "good", stays: 2500 });
      },
    });
  }

  #items() {
    const views = this.#all.map((view) => ({ label: view.name, hint: hint(view), icon: "rows", run: () => this.show(view) }));
    const mine = this.#all.filter((view) => view.mine);
    const remove = { label: "Delete a view …", icon: "cancel", run: () => this.#offerToDelete(mine) };
    return [...views, { label: "Save this view …", icon: "plus", run: () => this.save() }, ...(mine.length ? [remove] : [])];
  }

  #offerToDelete(mine) {
    const items = mine.map((view) => ({ label: view.name, hint: hint(view), icon: "cancel", run: () => this.#delete(view) }));
    openMenu(this.#button, { heading: "Delete a view of yours", items });
  }

  async #delete(view) {
    try {
      await del(`/api/views/${view.id}`);
      this.#all = this.#all.filter(({ id }) => id !== view.id);
      const again = { label: "Undo", run: () => this.#keepAgain(view) };
      toast({ title: `${view.name} deleted`, action: again });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({ title: "The view could not be deleted", detail: error.explanation, tone: "danger" });
    }
  }

  async #keepAgain({ name, query, shared }) {
    await post("/api/views", { name, query, shared }).catch((error) => toast({ title: "It could not be saved again", detail: error.explanation, tone: "danger" }));
    await this.read();
  }
}

function hint({ mine, shared, owner }) {
  if (!mine) return owner.name ?? "";
  return shared ? "shared" : "";
}
