import { delimiter } from 'node:path';

/**
 * The kubeconfig of the cluster to test on, or undefined where an embedded one stands in. Only `npm run test:all` touches
 * the cluster of KUBECONFIG: a plain `npm test` must not write to what a shell happens to point at.
 */
export function realKubeconfig(): string | undefined {
  const path = process.env.KUBECONFIG;
  if (process.env.LONGSHORE_TEST_ALL !== '1' || path === undefined || path === '') return undefined;
  if (path.includes(delimiter)) throw new Error('KUBECONFIG names several files: the tests need one that has it all');
  return path;
}

/** Says on standard error that there is no cluster of the user's in this run, and why. */
export function sayThatEmbeddedStandsIn(): void {
  const why = process.env.KUBECONFIG ? 'KUBECONFIG is used by test:all only' : 'KUBECONFIG is not set';
  process.stderr.write(`${why}: an embedded cluster stands in for a real one\n`);
}
