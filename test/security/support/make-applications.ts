import { randomUUID } from 'node:crypto';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import type { TestGateway } from '../../../src/testing.ts';
import { ask } from '../../support/ask.ts';

interface MadeApplication {
  readonly id: string;
  readonly name: string;
  /** Text that no request contains. */
  readonly mark: string | undefined;
}

/** The application of one place; `exists` tells whether there is to be one. */
export async function makeApplicationRow(
  gateway: TestGateway,
  admin: string,
  { cluster, namespace, plainName }: Readonly<Record<'cluster' | 'namespace' | 'plainName', string>>,
  exists: boolean,
): Promise<MadeApplication> {
  const name = `${plainName}-application`;
  if (!exists) {
    const id = encodeGlobalId({ of: 'row', plugin: 'compute', type: 'Application', key: randomUUID() });
    return { id, name, mark: undefined };
  }
  const mark = `marker-${randomUUID()}`;
  const { createApplication } = await ask<{ createApplication: { application?: { id: string } } }, object>(
    gateway,
    `mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { __typename
      ... on CreateApplicationSuccess { application { id } } ... on Error { message } } }`,
    { input: { name, cluster, namespace, alias: mark } },
    { token: admin },
  );
  const { application } = createApplication;
  if (!application) throw new Error(JSON.stringify(createApplication));
  return { id: application.id, name, mark };
}

/** An app service of an application of its own, which is there wherever the service would be. */
export async function makeAppServiceRow(
  gateway: TestGateway,
  admin: string,
  { cluster, namespace, plainName }: Readonly<Record<'cluster' | 'namespace' | 'plainName', string>>,
  exists: boolean,
): Promise<MadeApplication & { readonly applicationId: string }> {
  const name = `${plainName}-appservice`;
  const { id: applicationId } = await makeApplicationRow(gateway, admin, { cluster, namespace, plainName: name }, true);
  if (!exists) {
    const id = encodeGlobalId({ of: 'row', plugin: 'release', type: 'AppService', key: randomUUID() });
    return { id, name, applicationId, mark: undefined };
  }
  const mark = `marker-${randomUUID()}`;
  const template = { containers: [{ name: 'web', image: 'nginx' }] };
  const { createAppService } = await ask<{ createAppService: { appService?: { id: string } } }, object>(
    gateway,
    `mutation ($input: CreateAppServiceInput!) { createAppService(input: $input) { __typename
      ... on CreateAppServiceSuccess { appService { id } } ... on Error { message } } }`,
    { input: { name, cluster, namespace, applicationId, description: mark, template } },
    { token: admin },
  );
  const { appService } = createAppService;
  if (!appService) throw new Error(JSON.stringify(createAppService));
  return { id: appService.id, name, applicationId, mark };
}

/** An alarm policy about a cluster's application, and one alarm of it, in one place. */
export async function makeAlarmRows(
  gateway: TestGateway,
  admin: string,
  { cluster, namespace, plainName }: Readonly<Record<'cluster' | 'namespace' | 'plainName', string>>,
  exists: boolean,
): Promise<Readonly<Record<'AlarmPolicy' | 'Alarm', MadeApplication & { readonly applicationId?: string }>>> {
  const idOf = (type: string, key: string) => encodeGlobalId({ of: 'row', plugin: 'compute', type, key });
  const name = `${plainName}-alarm`;
  const application = await makeApplicationRow(gateway, admin, { cluster, namespace, plainName: name }, true);
  const applicationId = application.id;
  if (!exists) {
    const missing = (type: string) => ({ id: idOf(type, randomUUID()), name, mark: undefined });
    return { AlarmPolicy: { ...missing('AlarmPolicy'), applicationId }, Alarm: missing('Alarm') };
  }
  const mark = `marker-${randomUUID()}`;
  const input = {
    applicationId: application.id,
    displayName: mark,
    metric: 'CONTAINER_RESTARTS',
    threshold: 1e9,
    isEnabled: false,
  };
  const { createAlarmPolicy } = await ask<{ createAlarmPolicy: { alarmPolicy?: { id: string } } }, object>(
    gateway,
    `mutation ($input: CreateAlarmPolicyInput!) { createAlarmPolicy(input: $input) { __typename
      ... on CreateAlarmPolicySuccess { alarmPolicy { id } } ... on Error { message } } }`,
    { input },
    { token: admin },
  );
  const { alarmPolicy } = createAlarmPolicy;
  if (!alarmPolicy) throw new Error(JSON.stringify(createAlarmPolicy));
  const [alarm, policy] = [randomUUID(), Buffer.from(alarmPolicy.id, 'base64url').toString().split('|')[2]];
  const alarmMark = `marker-${randomUUID()}`;
  await gateway.gateway.foundation.database.db.execute(
    `insert into compute_alarms (id, cluster, namespace, policy_id, display_name, severity, status, value, summary, fired_at, resolved_at, created_at)
       values ('${alarm}', '${cluster}', '${namespace}', '${policy}', '${alarmMark}', 'INFO', 'RESOLVED', 1, 'made', now(), now(), now())`,
  );
  return {
    AlarmPolicy: { id: alarmPolicy.id, name, mark, applicationId },
    Alarm: { id: idOf('Alarm', alarm), name, mark: alarmMark },
  };
}
