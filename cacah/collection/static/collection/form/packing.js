// Unpacks the instrument that the page carries: the inverse of cacah/collection/packing.py.

function unpackValues(packed) {
  if (packed[0] !== "+") return packed.split("|");
  let number = 0;
  return packed
    .slice(1)
    .split(" ")
    .map((step) => String((number += Number(step))));
}

function unpackList(list) {
  if (Array.isArray(list)) return list;
  const labels = list.label.replace(/~/g, list.often).split("|");
  return unpackValues(list.value).map((value, index) => {
    const columns = list.columns && list.columns[index];
    return { value, label: labels[index], ...(columns ? { columns } : {}) };
  });
}

function unpackNode(packed, base) {
  const { name, type, requiredMessage } = packed;
  const implied = { kind: "question", path: base + name };
  if (requiredMessage) implied.required = true;
  if (/^select/.test(type)) implied.list = name;
  const node = { ...implied, ...packed };
  if (node.children) node.children = node.children.map((child) => unpackNode(child, node.path + "/"));
  return node;
}

export function unpack(packed) {
  const lists = {};
  for (const [name, list] of Object.entries(packed.lists)) lists[name] = unpackList(list);
  return { ...packed, lists, children: packed.children.map((child) => unpackNode(child, "")) };
}
