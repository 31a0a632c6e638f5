// Runs cases of the spec tables, and whole documents, with the browser's reader.

import { Interview } from "/questionnaire/interview.js";

const LOOKS = {
  value: (interview, path) => (interview.relevant(path) ? interview.get(path) : null),
  relevant: (interview, path) => interview.relevant(path),
  required: (interview, path) => interview.required(path),
  choices: (interview, path) => interview.choices(path).map((choice) => choice.value),
  label: (interview, path) => interview.text(path, "label"),
  hint: (interview, path) => interview.text(path, "hint"),
  rows: (interview, path) => interview.rows(path),
  problems: (interview, path) => {
    return interview.problems(path).map((each) => [each.code, each.path, each.message]);
  },
};

// What each look of a case shows, in the case's order.
window.lookAt = ({ instrument, answers, today, steps, expects }) => {
  const interview = new Interview(instrument, { answers, today });
  for (const [verb, ...given] of steps) interview[verb](...given);
  return expects.map(({ look, path }) => LOOKS[look](interview, path));
};

// The problems and the answers of many documents of one instrument.
window.checkAll = (instrument, documents, today) => {
  return documents.map((answers) => {
    const interview = new Interview(instrument, { answers, today });
    const persons = interview.state.schema.nodes.has("persons") ? interview.get("persons") : 0;
    return { problems: interview.problems(), answers: interview.answers(), persons };
  });
};

// What each of some calls of one interview gives, in turn.
window.callAll = (instrument, answers, calls) => {
  const interview = new Interview(instrument, { answers, today: "2020-02-15" });
  return calls.map(([verb, ...given]) => {
    const found = interview[verb](...given);
    return found === undefined ? null : found;
  });
};
