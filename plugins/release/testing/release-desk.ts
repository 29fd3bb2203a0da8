import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { expect } from 'vitest';
import { until } from '../../../test/support/until.ts';

export interface DeskPod {
  readonly state: string;
  readonly problem: string | null;
  readonly readySince: string | null;
  readonly pod: { readonly id: string; readonly name: string; readonly uid: string };
}

export interface DeskOrder {
  readonly state: string;
  readonly reason: string | null;
  readonly title: string;
  readonly possibleActions: readonly string[];
  readonly waitingGroups: readonly { readonly id: string }[];
  readonly releases: readonly {
    readonly id: string;
    readonly serviceName: string;
    readonly state: string;
    readonly reason: string | null;
    readonly rollback: string | null;
    readonly rollbackPreview: { readonly outcome: string; readonly version: { readonly number: number } | null };
    readonly groups: readonly { readonly state: string; readonly reason: string | null }[];
    readonly tasks: readonly {
      readonly id: string;
      readonly kind: string;
      readonly state: string;
      readonly phase: string;
    }[];
    readonly pods: readonly DeskPod[] | null;
  }[];
}

const fields = `state reason title possibleActions waitingGroups { id }
  releases { id serviceName state reason rollback rollbackPreview { outcome version { number } } groups { state reason }
    tasks { id kind state phase } pods { state problem readySince pod { id name uid } } }`;

export interface Made {
  readonly appService: { readonly id: string; readonly version: number };
  readonly version: { readonly id: string };
}
const made = 'appService { id version } version { id }';

export interface DeskAnswer {
  readonly __typename: string;
  readonly message?: string;
  readonly reason?: string;
  readonly unacknowledged?: readonly { readonly code: string }[];
  readonly issues?: readonly { readonly path: readonly (string | number)[]; readonly code: string }[];
}

export interface DeskOptions {
  /** `release.podReadySeconds`; 0 where it is not said: thirty seconds of every pod would be minutes of a test. */
  readonly readySeconds?: number;
  readonly settings?: object;
  /** Of who does it all, where it is not the administrator of a development gateway. */
  readonly token?: string;
}

/** A gateway with an embedded cluster, and what somebody at a console does there with app services of `shop` and release orders. */
export async function startReleaseDesk({ readySeconds = 0, settings = {}, token }: DeskOptions = {}) {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'longshore-release-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const profile = join(folder, 'quick.yaml');
  const values = `release:\n    release.podReadySeconds: ${readySeconds}\n`;
  await writeFile(profile, `name: quick\ntitle: Quick\nextends: default\nvalues:\n  ${values}`);
  const gateway: TestGateway = stack.use(
    await startTestGateway({ clusterSpeed: 50, settings: { profiles: [profile], profile: 'quick', ...settings } }),
  );

  async function ask<Data>(source: string, variables?: object): Promise<Data> {
    const { data, errors } = await gateway.query(source, variables as never, token === undefined ? {} : { token });
    expect(JSON.stringify(errors)).toBeUndefined();
    return data as Data;
  }

  /** What a mutation answers: the fields of its success, or those of its error. */
  async function attempt<Success = object>(name: string, input: object, more = ''): Promise<DeskAnswer & Success> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const data = await ask<Record<string, DeskAnswer & Success>>(
      `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ${more && `... on ${type}Success { ${more} }`}
        ... on Error { message } ... on ValidationError { issues { path code message } }
        ... on PreconditionError { reason unacknowledged { code } } } }`,
      { input },
    );
    return data[name] as DeskAnswer & Success;
  }

  async function mutate<Success = object>(name: string, input: object, more = 'warnings'): Promise<Success> {
    const answer = await attempt<Success>(name, input, more);
    expect(answer.__typename, JSON.stringify(answer)).toMatch(/Success$/);
    return answer;
  }

  const place = { cluster: 'embedded', namespace: 'shop' };
  const { application } = await mutate<{ application: { id: string } }>(
    'createApplication',
    { ...place, name: 'desk' },
    'application { id }',
  );

  const desk = {
    gateway,
    ask,
    attempt,
    mutate,
    /** Of one pod in each group, which pauses nowhere. */
    createService: (name: string, replicas: number, template: object, more: object = {}) =>
      mutate<Made>(
        'createAppService',
        {
          ...place,
          ...{ name, applicationId: application.id, submit: true, template, scaling: { replicas } },
          deployment: { grouping: 'ONE_PER_POD', betaGroup: false, pauseAfterGroup: false },
          ...more,
        },
        made,
      ),
    /** The same with another template; every other field as it was. */
    newVersion: ({ appService, version }: Made, template: object) =>
      mutate<Made>('editAppService', { id: appService.id, from: version.id, template, submit: true }, made),
    /** An order that is planned. */
    async createOrder(title: string, ...services: readonly Made[]): Promise<string> {
      const input = {
        title,
        betaGroup: false,
        services: services.map(({ appService, version }) => ({ serviceId: appService.id, versionId: version.id })),
        acknowledge: ['NO_ROOM', 'OWNED_ELSEWHERE', 'NOT_CHECKED'],
      };
      const { releaseOrder } = await mutate<{ releaseOrder: { id: string } }>(
        'createReleaseOrder',
        input,
        'releaseOrder { id }',
      );
      await desk.orderIn(releaseOrder.id, 'READY');
      return releaseOrder.id;
    },
    /** An order that was started. */
    async release(title: string, ...services: readonly Made[]): Promise<string> {
      const id = await desk.createOrder(title, ...services);
      await mutate('startReleaseOrder', { id });
      return id;
    },
    read: async (id: string): Promise<DeskOrder> =>
      (await ask<{ releaseOrder: DeskOrder }>(`query ($id: ID!) { releaseOrder(id: $id) { ${fields} } }`, { id }))
        .releaseOrder,
    orderIn: (id: string, ...states: readonly string[]): Promise<DeskOrder> =>
      until(async () => {
        const order = await desk.read(id);
        expect(states, JSON.stringify([order.reason, order.releases])).toContain(order.state);
        return order;
      }, 60_000),
    /** States of the pods of the first release of an order. */
    podStates: async (id: string): Promise<readonly string[]> =>
      ((await desk.read(id)).releases[0]?.pods ?? []).map(({ state }) => state).sort(),
    execute: (statement: string) => gateway.gateway.foundation.database.db.execute(statement),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return desk;
}

export type ReleaseDesk = Awaited<ReturnType<typeof startReleaseDesk>>;
