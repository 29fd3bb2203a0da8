import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from 'longshore/testing';
import { expect } from 'vitest';
import { until } from '../../../test/support/until.ts';

/** What a mutation answers: the fields of its success, or those of its error. */
export interface Answer {
  readonly __typename: string;
  readonly message?: string;
  readonly reason?: string;
  readonly unacknowledged?: readonly { readonly code: string }[];
  readonly issues?: readonly {
    readonly path: readonly (string | number)[];
    readonly code: string;
    readonly message: string;
  }[];
}

export interface MadeVersion {
  readonly appService: { readonly id: string; readonly version: number };
  readonly version: { readonly id: string; readonly number: number };
}

/** A gateway on which things are released for good and soon, and what one does there. */
export interface ReleaseGateway extends AsyncDisposable {
  readonly gateway: TestGateway;
  ask<Data>(source: string, variables?: object, token?: string): Promise<Data>;
  /** What it answers, whatever that is. */
  mutate<Success = unknown>(name: string, input: object, fields?: string, token?: string): Promise<Answer & Success>;
  /** The fields of its success; fails with what it answers else. */
  succeed<Success = unknown>(name: string, input: object, fields?: string, token?: string): Promise<Success>;
  /** An app service with its first version, submitted. */
  createService(name: string, more?: object): Promise<MadeVersion>;
  /** A version more of it, submitted. */
  newVersion(service: MadeVersion, more: object): Promise<MadeVersion>;
  /** An order of one version, without a beta group, that is READY. */
  order(made: MadeVersion): Promise<string>;
  /** Until an order is in one of these states. */
  orderIn(id: string, ...states: readonly string[]): Promise<string>;
  /** Has a version that pauses nowhere released, and sees it succeed. */
  release(made: MadeVersion): Promise<string>;
  /** An object as the cluster has it. */
  objectOf(apiVersion: string, kind: string, name: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}

const place = { cluster: 'embedded', namespace: 'shop' };

let applications = 0;

export async function startReleaseGateway(options: TestGatewayOptions = {}): Promise<ReleaseGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-release-'));
  const profile = join(folder, 'quick.yaml');
  // Thirty seconds of every pod would be minutes of a test.
  const values = 'release:\n    release.podReadySeconds: 0\n';
  await writeFile(profile, `name: quick\ntitle: Quick\nextends: default\nvalues:\n  ${values}`);
  const gateway = await startTestGateway({
    clusterSpeed: 50,
    ...options,
    settings: { profiles: [profile], profile: 'quick', ...options.settings },
  });
  const world: ReleaseGateway = {
    gateway,
    async ask<Data>(source: string, variables: object = {}, token?: string) {
      const { data, errors } = await gateway.query(source, variables as never, token ? { token } : {});
      expect(JSON.stringify(errors)).toBeUndefined();
      return data as Data;
    },
    async mutate(name, input, fields = 'warnings', token) {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const data = await world.ask<Record<string, never>>(
        `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
          ... on Error { message code } ... on ValidationError { issues { path code message } }
          ... on PreconditionError { reason unacknowledged { code } } } }`,
        { input },
        token,
      );
      return data[name] as never;
    },
    async succeed(name, input, fields, token) {
      const answer = await world.mutate<never>(name, input, fields, token);
      expect(answer, JSON.stringify(answer)).toMatchObject({ __typename: expect.stringMatching(/Success$/) });
      return answer;
    },
    async createService(name, more = {}) {
      applications += 1;
      const application = { ...place, name: `app-${applications}` };
      const { application: made } = await world.succeed<{ application: { id: string } }>(
        'createApplication',
        application,
        'application { id }',
      );
      const template = { containers: [{ name: 'main', image: `${name}:1` }] };
      const input = { ...place, name, applicationId: made.id, submit: true, template, ...more };
      return world.succeed<MadeVersion>('createAppService', input, written);
    },
    newVersion: ({ appService: { id } }, more) =>
      world.succeed<MadeVersion>('editAppService', { id, submit: true, ...more }, written),
    async order({ appService, version }) {
      const services = [{ serviceId: appService.id, versionId: version.id }];
      const { releaseOrder } = await world.succeed<{ releaseOrder: { id: string } }>(
        'createReleaseOrder',
        { services, betaGroup: false },
        'releaseOrder { id }',
      );
      await world.orderIn(releaseOrder.id, 'READY');
      return releaseOrder.id;
    },
    orderIn: (id, ...states) =>
      until(async () => {
        const { releaseOrder } = await world.ask<{ releaseOrder: { state: string; releases: object[] } }>(
          'query ($id: ID!) { releaseOrder(id: $id) { state releases { state reason groups { state } pods { state } } } }',
          { id },
        );
        expect(states, JSON.stringify(releaseOrder)).toContain(releaseOrder.state);
        return releaseOrder.state;
      }, 40_000),
    async release(made) {
      const id = await world.order(made);
      await world.succeed('startReleaseOrder', { id });
      await world.orderIn(id, 'SUCCEEDED');
      return id;
    },
    async objectOf(apiVersion, kind, name) {
      const { object } = await world.ask<{ object: { json: Readonly<Record<string, unknown>> } | null }>(
        `query ($apiVersion: String!, $kind: String!, $name: String!) {
          object(cluster: "embedded", apiVersion: $apiVersion, kind: $kind, namespace: "shop", name: $name) { json } }`,
        { apiVersion, kind, name },
      );
      return object?.json;
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await rm(folder, { recursive: true });
    },
  };
  return world;
}

const written = 'appService { id version } version { id number }';
