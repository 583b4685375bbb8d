/** A person's initials: of the first and the last word of the name. */

const words = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function initials(name) {
  const parts = name.trim().split(/\s+/);
  const ends = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return ends.map((part) => [...words.segment(part)][0]?.segment ?? "").join("").toLocaleUpperCase();
}
