// What the second script offers. A view is found by its route: `changed` is `changedView`.

export { codeView, elsewhereView, takingView } from "./carrying.js";
export { alreadyView, changedView, closedView } from "./closed.js";
export { solveChallenge } from "./proof.js";
export { helpFor } from "./helping.js";
export { follow } from "./elsewhere.js";
export { switchLanguage } from "./language.js";
export { mergeView } from "./merge.js";
export { explainNotFound } from "./notfound.js";
export { sit } from "./guided.js";
export { returningView } from "./returning.js";
export { unlistedView } from "./unlisted.js";
export { visitingView } from "./visiting.js";
export { waitingView } from "./waiting.js";
export { watchShared } from "./shared.js";
