import type { Node } from './kubernetes-shapes.ts';

const annotation = 'embedded.longshore.dev/simulate';
/** Values of the annotation on a Node. */
const simulations = ['lost', 'memory-pressure', 'disk-pressure', 'pid-pressure'] as const;
export type NodeSimulation = (typeof simulations)[number];

/** What is to happen to the node; undefined when it is to be well. Several are separated by commas. */
export function nodeSimulations(node: Node | undefined): ReadonlySet<NodeSimulation> {
  return new Set(words(node).filter(isSimulation));
}

/** The node's machine is off, or nobody can reach it: its kubelet neither says nor hears anything. */
export function isNodeLost(node: Node | undefined): boolean {
  return nodeSimulations(node).has('lost');
}

/** What is wrong with the annotation, in a sentence that says what would be right; undefined when nothing is. */
export function nodeSimulationMistake(node: Node): string | undefined {
  const unknown = words(node).find((word) => !isSimulation(word));
  if (unknown === undefined) return undefined;
  return `${annotation} must be one of ${simulations.join(', ')}, got ${JSON.stringify(unknown)}`;
}

function words(node: Node | undefined): string[] {
  const text = node?.metadata.annotations?.[annotation] ?? '';
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function isSimulation(word: string): word is NodeSimulation {
  return simulations.some((known) => known === word);
}
