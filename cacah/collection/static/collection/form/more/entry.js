// What the second script offers. A view is found by its route: `changed` is `changedView`.

export { alreadyView, changedView, closedView } from "./closed.js";
export { askWithProof } from "./proof.js";
