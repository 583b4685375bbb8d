/** Splits a stream of text into frames, as the standard for Server-Sent Events has them. */

const LINE_END = /\r\n|\n|\r(?!$)/g;
const encoder = new TextEncoder();

/**
 * Takes text as it comes, in any pieces, and answers the frames that are whole.
 *
 * A frame is `{type, id, data, retry, bytes}`: `bytes` as they were on the wire; `type` is the
 * event's, or "retry" or "comment" for a frame that is only that, which a browser's EventSource
 * keeps to itself.
 */
export class FrameReader {
  #rest = "";
  #lines = [];
  #raw = "";

  read(text) {
    this.#rest += text;
    const frames = [];
    let start = 0;
    for (const end of this.#rest.matchAll(LINE_END)) {
      const next = end.index + end[0].length;
      const line = this.#rest.slice(start, end.index);
      this.#raw += this.#rest.slice(start, next);
      start = next;
      if (line) this.#lines.push(line);
      else this.#close(frames);
    }
    this.#rest = this.#rest.slice(start);
    return frames;
  }

  #close(frames) {
    if (this.#lines.length) frames.push(frameOf(this.#lines, encoder.encode(this.#raw).length));
    this.#lines = [];
    this.#raw = "";
  }
}

function frameOf(lines, bytes) {
  const fields = lines.map(fieldOf);
  const last = (name) => fields.findLast((field) => field.name === name)?.value ?? null;
  const data = fields.filter(({ name }) => name === "data").map(({ value }) => value);
  const retry = /^\d+$/.test(last("retry") ?? "") ? Number(last("retry")) : null;
  const without = retry === null ? "comment" : "retry";
  const type = data.length ? last("event") || "message" : without;
  return { type, id: last("id"), data: data.length ? data.join("\n") : null, retry, bytes };
}

function fieldOf(line) {
  const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
  return { name, value };
}
