/** Where a customer goes on who has placed an order. */

const PATIENCE = 30_000;

/** The page on which the order is paid, where it is to be paid online; else the order's own. Whatever
 *  goes wrong with paying, the order is placed, and its page says how it goes on. */
export async function wayOn({ track_url: url, payment }) {
  const path = new URL(url).pathname;
  if (payment.method !== "online" || !document.querySelector("[data-pay-online]")) return path;
  try {
    const answer = await fetch(`/api${path}/pay`, { method: "POST", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) return (await answer.json()).url;
    return answer.status === 503 ? `${path}?payment=later` : path;
  } catch {
    return `${path}?payment=later`;
  }
}
