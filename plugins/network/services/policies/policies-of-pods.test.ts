import fc from 'fast-check';
import { deploymentKind, podKind } from 'longshore/plugins/compute';
import { type KubeObject, matchesLabelSelector } from 'longshore/sdk';
import { expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { networkPolicyKind } from '../../api.ts';
import { createIndexedReader } from '../../testing/indexed-reader.ts';
import { podsOfPolicy, policiesOfPod, policiesOfWorkload, workloadsOfPolicy } from './policies-of-pods.ts';

const word = fc.constantFrom('a', 'b', 'c');
const labels = fc.dictionary(word, word, { maxKeys: 3 });
const expression = fc.oneof(
  fc.record({ key: word, operator: fc.constantFrom('In', 'NotIn'), values: fc.uniqueArray(word, { minLength: 1 }) }),
  fc.record({ key: word, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);
const selector = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const namespace = fc.constantFrom('shop', 'other');

const namesOf = (found: Iterable<{ readonly metadata: { readonly name: string } }>) =>
  [...found].map(({ metadata }) => metadata.name).sort();

it('finds the policies of a pod and of a workload, and the pods and workloads of a policy, as each selector says (NET-33)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(namespace, selector), { maxLength: 8 }),
      fc.array(fc.tuple(namespace, labels), { maxLength: 8 }),
      async (selectors, labelled) => {
        const policies = selectors.map(([where, podSelector], index) =>
          makeObject(networkPolicyKind, { metadata: { name: `p${index}`, namespace: where }, spec: { podSelector } }),
        );
        const pods = labelled.map(([where, own], index) =>
          makeObject(podKind, { metadata: { name: `x${index}`, namespace: where, labels: own } }),
        );
        const deployments = labelled.map(([where, own], index) =>
          makeObject(deploymentKind, {
            metadata: { name: `x${index}`, namespace: where },
            spec: { selector: {}, template: { metadata: { labels: own } } },
          }),
        );
        const reader = createIndexedReader('c1', [...policies, ...pods, ...deployments] as unknown as KubeObject[]);
        const isOf = (at: number, to: number): boolean => {
          const [whereSelected, podSelector] = selectors[at] ?? [];
          const [where, own] = labelled[to] ?? [];
          return whereSelected === where && matchesLabelSelector(podSelector ?? {}, own);
        };
        for (const [index, pod] of pods.entries()) {
          const expected = namesOf(policies.filter((_policy, at) => isOf(at, index)));
          expect(namesOf(await policiesOfPod(reader, pod as never))).toEqual(expected);
          expect(namesOf(await policiesOfWorkload(reader, deployments[index] as never))).toEqual(expected);
        }
        for (const [at, policy] of policies.entries()) {
          const expected = namesOf(pods.filter((_pod, index) => isOf(at, index)));
          expect(namesOf((await podsOfPolicy(reader, policy as never)).items)).toEqual(expected);
          expect(namesOf((await workloadsOfPolicy(reader, policy as never)).items)).toEqual(expected);
        }
      },
    ),
    { numRuns: 150 },
  );
});
