/** Shows every <time> the server has written in the reader's own zone. */

import { localise } from "./lib/localise.js";

localise(document);
