/** What staff have set, for those parts of the board that go by it. */

import { useAccepting } from "./accepting.js";
import { useDeclineReasons } from "./moves.js";
import { usePrinters } from "./printing.js";
import { useUndo } from "./undoing.js";

export function useShop(settings) {
  useAccepting(settings);
  useDeclineReasons(settings.decline_reasons);
  usePrinters(settings.printers);
  useUndo(settings);
}
