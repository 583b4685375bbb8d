/** What has changed, in sentences for those who do not see it; the parts bring them along. */

/** What the page says now: the news in it, and what to say of things when they have gone. */
export function sayings() {
  return {
    news: [...document.querySelectorAll("[data-news]")].map((element) => sentence(element.dataset.news || element.textContent)),
    gone: [...document.querySelectorAll("[data-gone]")].map(({ dataset }) => dataset.gone),
    isCalledOff: document.querySelector(".step.stopped") !== null,
  };
}

/** Nothing goes on in an order that has been called off. */
export function newsBetween(before, now) {
  const gone = now.isCalledOff ? [] : before.gone.filter((said) => !now.gone.includes(said));
  return [...now.news.filter((said) => !before.news.includes(said)), ...gone];
}

function sentence(text) {
  const said = text.replace(/\s+/g, " ").trim();
  return /[.!?]$/.test(said) ? said : `${said}.`;
}
