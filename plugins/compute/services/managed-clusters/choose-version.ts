import type { ValidationIssue } from 'longshore/sdk';
import { issue } from './issues.ts';

/**
 * The version of a new cluster, as Cluster API wants it: `v1.35.2`. `offered` by the profile may name a whole minor (`1.18`), `served` are those
 * of the ClusterClass; null: any. Where none is asked for, it is the newest that both have.
 */
export function chooseVersion(
  wanted: string | undefined,
  offered: readonly string[] | null,
  served: readonly string[] | null,
): { readonly version?: string; readonly issues: readonly ValidationIssue[] } {
  const refuse = (code: string, message: string) => ({ issues: [issue(['kubernetesVersion'], code, message)] });
  const text = wanted?.replace(/^v/, '');
  if (text !== undefined && !/^\d+\.\d+(\.\d+)?$/.test(text)) {
    return refuse('invalid_version', 'kubernetesVersion must look like 1.35.2');
  }
  if (text !== undefined && offered && !offered.some((each) => covers(each, text) || covers(text, each))) {
    return refuse('not_offered', `kubernetesVersion must be one of ${offered.join(', ')}, got ${text}`);
  }
  const plain = served?.map((each) => each.replace(/^v/, '')) ?? null;
  const fitting = (plain ?? (text === undefined ? [] : [text])).filter(
    (each) =>
      (text === undefined || covers(text, each)) &&
      (!offered || offered.some((one) => covers(one, each) || covers(each, one))),
  );
  const newest =
    fitting.toSorted(compareVersions).at(-1) ?? (plain ? undefined : offered?.toSorted(compareVersions).at(-1));
  if (newest !== undefined) return { version: `v${complete(newest)}`, issues: [] };
  if (!plain) {
    return text === undefined ? { issues: [] } : refuse('not_offered', `kubernetesVersion ${text} is not offered`);
  }
  const both = plain.filter((each) => !offered || offered.some((one) => covers(one, each)));
  return refuse(
    'not_offered',
    `kubernetesVersion must be one that the ClusterClass serves: ${(both.length > 0 ? both : plain).join(', ')}`,
  );
}

/** Whether one version is the other, or the minor that it is of. */
const covers = (one: string, other: string): boolean => other === one || other.startsWith(`${one}.`);

const complete = (version: string): string => (version.split('.').length === 2 ? `${version}.0` : version);

function compareVersions(one: string, other: string): number {
  const [a, b] = [complete(one), complete(other)].map((text) => text.split('.').map(Number)) as [number[], number[]];
  return a.map((part, at) => part - (b[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
