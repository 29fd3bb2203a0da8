import type { EmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import type { TestGateway } from '../../../src/testing.ts';
import { until } from '../until.ts';
import type { Answer, Attempt } from './attempt.ts';
import { kinds, viewCluster } from './cluster-view.ts';
import { cluster, type Model, namespace, partsOf, type Thing, usersOf } from './model.ts';
import { attemptOf, misfitOf, remove, type Step } from './steps.ts';
import { markMounted } from './volumes.ts';

/** How long the cluster may take until it is as the model has it. */
const patienceMs = 15_000;

/** Plays sequences against one gateway; each begins and ends with nothing. */
export interface Player {
  /** Throws an Error with the whole story at the first thing that is not as the model has it. Answers how many steps did something. */
  play(steps: readonly Step[]): Promise<number>;
}

export async function startPlayer(gateway: TestGateway, embedded: EmbeddedCluster, token: string): Promise<Player> {
  await call('createNamespace', { cluster, name: namespace });
  await settleOn(() => viewCluster(embedded).faults(new Set()));
  const view = viewCluster(embedded);

  async function call(mutation: string, input: object, fields = '__typename'): Promise<Answer> {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
    const { answer } = await ask<{ answer: Answer }>(
      `mutation ($input: ${type}Input!) { answer: ${mutation}(input: $input) { __typename ... on ${type}Success { ${fields} }
        ... on Error { code message } ... on InUseError { references { id } } ... on ValidationError { issues { path code } }
        ... on PreconditionError { reason } } }`,
      { input },
    );
    return answer;
  }

  async function ask<Data>(source: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await gateway.query<Data, object>(source, variables, { token });
    if (!data) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** What the gateway shows, which follows the cluster by watches, beside what there is. */
  async function notShown(): Promise<string[]> {
    const lists = kinds.map(([group, , kind]) => {
      const apiVersion = group === '' ? 'v1' : `${group}/v1`;
      return `${kind}: objects(cluster: "${cluster}", apiVersion: "${apiVersion}", kind: "${kind}", first: 1000) { nodes { name } }`;
    });
    const shown = await ask<Record<string, { nodes: { name: string }[] }>>(`{ ${lists.join(' ')} }`);
    const is = Object.entries(shown).flatMap(([kind, { nodes }]) => nodes.map(({ name }) => `${kind} ${name}`));
    return differences(is, view.names());
  }

  async function settle(model: Model): Promise<void> {
    markMounted(model);
    await settleOn(() => view.faults(model));
    await settleOn(notShown);
  }

  async function take(attempt: Attempt, model: Model): Promise<void> {
    const answer = await call(attempt.mutation, attempt.input, attempt.fields);
    const misfit = misfitOf(attempt, answer, view);
    if (misfit) throw new Error(misfit);
    if (!attempt.against) attempt.done(answer);
    await settle(model);
  }

  return {
    async play(steps) {
      const before = view.names();
      const model: Model = new Set();
      const story: string[] = [];
      const tell = (attempt: Attempt) => {
        const outcome = attempt.against ? 'is refused' : 'is done';
        story.push(`${attempt.mutation} ${JSON.stringify(attempt.input)} ${outcome}`);
        return take(attempt, model);
      };
      try {
        for (const step of steps) {
          const attempt = attemptOf(step, model, view);
          if (attempt) await tell(attempt);
        }
        // Whatever came of it can be taken down again, from its ends, and leaves nothing.
        const taken = story.length;
        while (model.size > 0) await tell(remove(unused(model), model, view));
        await settleOn(() => differences(view.names(), before));
        return taken;
      } catch (error) {
        throw new Error(`${error instanceof Error ? error.message : error}\nafter\n${story.join('\n')}`, {
          cause: error,
        });
      }
    },
  };
}

/** Something that nothing needs, nor anything of what goes with it. */
function unused(model: Model): Thing {
  const found = [...model].find((thing) =>
    [thing, ...partsOf(model, thing)].every((each) => usersOf(model, each).every(({ partOf }) => partOf === thing)),
  );
  if (!found) throw new Error(`each needs another: ${[...model].map(({ name }) => name).join(', ')}`);
  return found;
}

function differences(is: readonly string[], should: readonly string[]): string[] {
  const left = new Set(is);
  const missing = should.filter((name) => !left.delete(name));
  return [...missing.map((name) => `${name} is not seen`), ...[...left].map((name) => `${name} should not be`)];
}

/** Waits until nothing is wrong; throws with what still is. */
function settleOn(faults: () => readonly string[] | Promise<readonly string[]>): Promise<void> {
  return until(async () => {
    const found = await faults();
    if (found.length > 0) throw new Error(found.join('\n'));
  }, patienceMs);
}
