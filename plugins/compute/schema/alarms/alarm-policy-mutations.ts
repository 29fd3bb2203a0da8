import {
  type FieldBuilder,
  type InputFieldBuilder,
  idOfOperation,
  type LongshoreBuilder,
  type MutationSuccess,
  named,
  type OperationTarget,
  type RequestContext,
  registerMutation,
  replayDeletion,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  type AlarmPlace,
  type AlarmPolicy,
  type AlarmRule,
  type AlarmSeverity,
  alarmPolicySubject,
  alarmPolicyTypeRef,
} from '../../api.ts';
import { alarmsPoliciesMax } from '../../profile-keys/alarms.ts';
import { alarmLoopRef } from '../../services/alarms/alarm-loop.ts';
import { factsOfAlarm, instanceOfPolicy, isAlarmPolicy } from '../../services/alarms/alarms.ts';
import { alarmsServiceRef } from '../../services/alarms/alarms-service.ts';
import { checkAlarmPolicy } from '../../services/alarms/check-alarm-policy.ts';
import { webhookOrigin } from '../../services/alarms/webhook.ts';
import { findApplication } from '../applications/load-applications.ts';
import { profileOfApplication } from '../applications/profile-of-application.ts';
import { findPolicy } from './load-alarms.ts';

/** Making, changing and deleting alarm policies, at any time (CMP-64). */
export function registerAlarmPolicyMutations(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createAlarmPolicy',
    description:
      'Makes an alarm policy: about an application (`applicationId`) or a whole cluster (`cluster`). Its webhook is told of each alarm by POST, with the headers `Longshore-Delivery`, `Longshore-Timestamp` and `Longshore-Signature`: `sha256=` and HMAC-SHA256 of `<timestamp>.<body>` under `signingSecret`, in hex.',
    allow: { action: 'CREATE', subject: alarmPolicySubject },
    input: (t) => ({
      applicationId: t.id({ description: 'Global id of the application that it is about.' }),
      cluster: t.string({ description: 'Name of the cluster that it is about, where it is about no application.' }),
      displayName: t.string({ required: true, description: 'What people call it, 1 to 128 characters.' }),
      ...ruleInputs(t, true),
    }),
    validate: ({ applicationId, cluster, ...input }) => [
      ...(Boolean(applicationId) === Boolean(cluster)
        ? [{ path: ['applicationId'], code: 'one_place', message: 'Say applicationId or cluster, one of them' }]
        : []),
      ...checkAlarmPolicy({ durationSeconds: 60, ...input } as never),
    ],
    load: async ({ applicationId, cluster, displayName }, context) => {
      const place = await findPlace(applicationId, cluster, context);
      return {
        value: place,
        instance: { subject: alarmPolicySubject, ...factsOfAlarm(place) },
        record: recordTarget(displayName, displayName, place),
      };
    },
    check: ({ webhookUrl }, _place, context) => checkWebhookAddress(webhookUrl, context),
    run: async (input, place, ticket, context) => {
      const most = (await profileOfApplication(place, context)).get(alarmsPoliciesMax);
      const service = context.service(alarmsServiceRef);
      const fields = {
        displayName: input.displayName,
        rule: {
          metric: input.metric as never,
          comparison: (input.comparison ?? 'AT_LEAST') as never,
          aggregation: (input.aggregation ?? 'AVERAGE') as never,
          threshold: input.threshold as number,
          durationSeconds: input.durationSeconds ?? 60,
          eventReasons: input.eventReasons ?? [],
        },
        severity: (input.severity ?? 'WARNING') as AlarmSeverity,
        isEnabled: input.isEnabled ?? true,
        quietSeconds: input.quietSeconds ?? 0,
        silencedUntil: input.silencedUntil ?? null,
        webhookUrl: input.webhookUrl || null,
      };
      const value = await service.createPolicy(place, fields, most, ticket);
      return { value, resultId: value.id, before: undefined, after: recordedFields(value) };
    },
    replay: asPolicy,
    success: {
      description: 'The alarm policy was made.',
      fields: (t) => ({
        alarmPolicy: t.field({
          type: alarmPolicyTypeRef,
          description: 'The policy; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
        signingSecret: signingSecretField(t),
      }),
    },
  });
  registerMutation(builder, {
    name: 'updateAlarmPolicy',
    description:
      'Changes an alarm policy; what is not given stays. `isEnabled` switches it on and off, `silencedUntil` silences it.',
    allow: { action: 'UPDATE', subject: alarmPolicySubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Its global id.' }),
      version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
      displayName: t.string({ description: 'What people call it, 1 to 128 characters.' }),
      ...ruleInputs(t, false),
    }),
    validate: (input) => checkAlarmPolicy(input as never),
    load: ({ id }, context) => loadPolicy(String(id), context),
    check: (input, policy, context) => [
      ...checkAlarmPolicy({ ...mergedRule(policy.rule, input as never) }),
      ...checkWebhookAddress(input.webhookUrl, context),
    ],
    run: async (input, policy, ticket, context) => {
      const { before, after } = await context.service(alarmsServiceRef).updatePolicy(
        policy.uuid,
        input.version,
        {
          displayName: input.displayName ?? undefined,
          rule: saysRule(input) ? mergedRule(policy.rule, input as never) : undefined,
          severity: (input.severity ?? undefined) as AlarmSeverity | undefined,
          isEnabled: input.isEnabled ?? undefined,
          quietSeconds: input.quietSeconds ?? undefined,
          silencedUntil: input.silencedUntil,
          webhookUrl: input.webhookUrl === undefined ? undefined : input.webhookUrl || null,
        },
        ticket,
      );
      return { value: after, resultId: after.id, before: recordedFields(before), after: recordedFields(after) };
    },
    replay: asPolicy,
    success: {
      description: 'The alarm policy was changed.',
      fields: (t) => ({
        alarmPolicy: t.field({
          type: alarmPolicyTypeRef,
          description: 'The policy; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
        signingSecret: signingSecretField(t),
      }),
    },
  });
  registerMutation(builder, {
    name: 'deleteAlarmPolicy',
    description: 'Deletes an alarm policy; an alarm of it that is firing is resolved. Past alarms stay.',
    batch: { name: 'deleteAlarmPolicies', description: 'Deletes several alarm policies.' },
    allow: { action: 'DELETE', subject: alarmPolicySubject },
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    load: ({ id }, context) => loadPolicy(String(id), context),
    run: async (_input, policy, ticket, context) => {
      await context.service(alarmsServiceRef).removePolicy(policy.uuid, ticket);
      const recorded = [{ before: recordedFields(policy), after: undefined }];
      return { value: { id: policy.id }, resultId: idOfOperation(ticket), recorded };
    },
    replay: (node, context): Promise<{ readonly id: string } | null> => replayDeletion(node, context),
    success: {
      description: 'The alarm policy is deleted.',
      fields: (t) => ({ id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }) }),
    },
  });
}

function ruleInputs<Required extends boolean>(t: InputFieldBuilder, required: Required) {
  return {
    metric: t.field({ type: named('AlarmMetric'), required, description: 'What it looks at.' }),
    threshold: t.float({ required, description: 'In the unit of the metric, 0 to 1e15.' }),
    comparison: t.field({ type: named('AlarmComparison'), description: 'AT_LEAST where a new one does not say.' }),
    aggregation: t.field({ type: named('AlarmAggregation'), description: 'AVERAGE where a new one does not say.' }),
    durationSeconds: t.int({
      description:
        'How long it must hold, 0 to 86400; 60 where a new one does not say. Of WARNING_EVENTS the time in which they are counted, 60 at least.',
    }),
    eventReasons: t.stringList({ description: 'Of WARNING_EVENTS: only those with one of these reasons, up to 50.' }),
    severity: t.field({ type: named('AlarmSeverity'), description: 'WARNING where a new one does not say.' }),
    isEnabled: t.boolean({ description: 'Whether it is looked at; true where a new one does not say.' }),
    quietSeconds: t.int({
      description: 'Least time between two of its alarms, 0 to 86400; 0 where a new one does not say.',
    }),
    silencedUntil: t.field({
      type: 'DateTime',
      description: 'Until then no new alarm fires; null: it is not silenced.',
    }),
    webhookUrl: t.string({ description: 'What is told of its alarms, by http or https; empty or null for nobody.' }),
  };
}

type RuleInput = { readonly [Name in keyof AlarmRule]?: AlarmRule[Name] | null | undefined };

const ruleFields = ['metric', 'aggregation', 'comparison', 'threshold', 'durationSeconds', 'eventReasons'] as const;

const saysRule = (input: object): boolean =>
  ruleFields.some(
    (name) =>
      (input as Record<string, unknown>)[name] !== undefined && (input as Record<string, unknown>)[name] !== null,
  );

function mergedRule(rule: AlarmRule, input: RuleInput): AlarmRule {
  const given = ruleFields.flatMap((name) =>
    input[name] === undefined || input[name] === null ? [] : [[name, input[name]]],
  );
  return { ...rule, ...Object.fromEntries(given) } as AlarmRule;
}

async function findPlace(
  applicationId: string | number | null | undefined,
  cluster: string | null | undefined,
  context: RequestContext,
): Promise<AlarmPlace> {
  if (applicationId) {
    const application = await findApplication(String(applicationId), context);
    const { uuid: applicationUuid, cluster: of, namespace, workspaceUuid } = application;
    return { applicationUuid, cluster: of, namespace, workspaceUuid };
  }
  const { name } = context.cluster(cluster ?? '');
  return { applicationUuid: null, cluster: name, namespace: null, workspaceUuid: null };
}

async function loadPolicy(id: string, context: RequestContext) {
  const policy = await findPolicy(id, context);
  return {
    value: policy,
    instance: instanceOfPolicy(policy),
    record: recordTarget(policy.id, policy.displayName, policy),
  };
}

function recordTarget(id: string, name: string, { cluster, namespace }: AlarmPlace): OperationTarget {
  const place = { ...(cluster === null ? {} : { cluster }), ...(namespace === null ? {} : { namespace }) };
  return { plugin: 'compute', type: 'AlarmPolicy', id, kind: 'AlarmPolicy', name, ...place };
}

/** Of the webhook only where it is: its path is often all that somebody needs to write there. */
function recordedFields({ webhookUrl, displayName, rule, severity, ...more }: AlarmPolicy) {
  const { isEnabled, quietSeconds, silencedUntil } = more;
  const webhook = webhookUrl === null ? null : webhookOrigin(webhookUrl);
  return { displayName, ...rule, severity, isEnabled, quietSeconds, silencedUntil, webhookOrigin: webhook };
}

/** What leads inside is refused when it is written; where a name leads is seen at each call. */
function checkWebhookAddress(url: string | null | undefined, context: RequestContext): readonly ValidationIssue[] {
  const objection = url ? context.service(alarmLoopRef).egress.objectionTo(url) : undefined;
  if (objection === undefined) return [];
  return [{ path: ['webhookUrl'], code: 'address_refused', message: `webhookUrl ${objection}` }];
}

const signingSecretField = (t: FieldBuilder<MutationSuccess<AlarmPolicy>>) =>
  t.string({
    nullable: true,
    description: 'The secret under which its webhook is signed, in hex; null without webhook and in a dry run.',
    resolve: ({ value, operationId }, _args, context) =>
      value.webhookUrl === null || operationId === undefined
        ? null
        : context.service(alarmsServiceRef).signingSecret(value.uuid),
  });

const asPolicy = (node: unknown): AlarmPolicy | null => (isAlarmPolicy(node) ? node : null);
