import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  checkText,
  type Deleted,
  idOfOperation,
  type LongshoreBuilder,
  type Profile,
  type ProfileKey,
  registerMutation,
  replayDeletion,
  type ValidationIssue,
} from 'longshore/sdk';
import { type LogStore, logStoreSubject, logStoreTypeRef } from '../../api.ts';
import {
  logstoreName,
  logstoreRetentionDaysMax,
  logstoreShardsMax,
  logstoreShardsPerProjectMax,
} from '../../profile-keys/retention.ts';
import {
  factsOfLogStore,
  instanceOfLogStore,
  isLogStore,
  recordedLogStore,
  recordTargetOfLogStore,
} from '../../services/log-stores/log-stores.ts';
import { logStoresServiceRef } from '../../services/log-stores/log-stores-service.ts';
import { findLogStore, findProject } from './load-log-stores.ts';

const longestDescription = 256;

/** Making, changing and deleting log stores (CMP-105). */
export function registerLogStoreMutations(builder: LongshoreBuilder): void {
  registerCreate(builder);
  registerUpdate(builder);
  registerMutation(builder, {
    name: 'deleteLogStore',
    description: 'Deletes a log store. What was collected stays with the backend as long as that keeps it.',
    allow: { action: 'DELETE', subject: logStoreSubject },
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({ id: t.id({ required: true, description: "The log store's global id." }) }),
    load: async ({ id }, context) => {
      const store = await findLogStore(String(id), context);
      return { value: store, instance: instanceOfLogStore(store), record: recordTargetOfLogStore(store) };
    },
    run: async (_input, store, ticket, context) => {
      await context.service(logStoresServiceRef).remove(store.uuid, ticket);
      const value: Pick<Deleted, 'id'> = { id: store.id };
      return { value, resultId: idOfOperation(ticket), before: recordedLogStore(store), after: undefined };
    },
    replay: (node, context): Promise<Pick<Deleted, 'id'> | null> => replayDeletion(node, context),
    success: {
      description: 'The log store is deleted.',
      fields: (t) => ({ id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }) }),
    },
  });
}

function registerCreate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createLogStore',
    description:
      "Makes a log store in a project: name, days and shards within the profile of the project's workspace (`logstore.…`).",
    allow: { action: 'CREATE', subject: logStoreSubject },
    input: (t) => ({
      projectId: t.id({ required: true, description: 'Global id of its project.' }),
      name: t.string({
        required: true,
        description: 'Unique in the project, by `logstore.name` of the profile. It never changes.',
      }),
      description: t.string({ description: `What it is for, up to ${longestDescription} characters.` }),
      retentionDays: t.int({
        required: true,
        description: 'For how many days its lines are shown: 1 to `logstore.retentionDaysMax` of the profile.',
      }),
      shards: t.int({
        required: true,
        defaultValue: 1,
        description: 'Into how many parts writing to it is split: 1 to `logstore.shardsMax` of the profile.',
      }),
    }),
    validate: ({ description }) => checkDescription(description),
    load: async ({ projectId, name }, context) => {
      const place = await findProject(String(projectId), context);
      const profile = await context.service(tenancyServiceRef).profileOf(place);
      return {
        value: { place, profile },
        instance: { subject: logStoreSubject, ...factsOfLogStore(name, place) },
        record: recordTargetOfLogStore({ id: name, name }),
      };
    },
    check: ({ name, retentionDays, shards }, { profile }) => [
      ...checkText(profile.get(logstoreName), 'name', name),
      ...checkNumber(profile, 'retentionDays', retentionDays, logstoreRetentionDaysMax),
      ...checkNumber(profile, 'shards', shards, logstoreShardsMax),
    ],
    run: async ({ name, description, retentionDays, shards }, { place, profile }, ticket, context) => {
      const fields = { description: (description ?? '').trim(), retentionDays, shards };
      const most = profile.get(logstoreShardsPerProjectMax);
      const value = await context.service(logStoresServiceRef).create(name, place, fields, most, ticket);
      return { value, resultId: value.id, before: undefined, after: recordedLogStore(value) };
    },
    replay: asLogStore,
    success: {
      description: 'The log store was made.',
      fields: (t) => ({
        logStore: t.field({
          type: logStoreTypeRef,
          description: 'The log store; in a dry run as it would be, with an id of no use.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
}

function registerUpdate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateLogStore',
    description: 'Changes a log store. More shards split it, fewer merge them.',
    allow: { action: 'UPDATE', subject: logStoreSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Its global id.' }),
      version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
      description: t.string({ description: `What it is for, up to ${longestDescription} characters.` }),
      retentionDays: t.int({
        description: 'For how many days its lines are shown: 1 to `logstore.retentionDaysMax` of the profile.',
      }),
      shards: t.int({ description: 'Into how many parts writing to it is split: 1 to `logstore.shardsMax`.' }),
    }),
    validate: ({ description }) => checkDescription(description),
    load: async ({ id }, context) => {
      const store = await findLogStore(String(id), context);
      const profile = await context.service(tenancyServiceRef).profileOf(store);
      return {
        value: { store, profile },
        instance: instanceOfLogStore(store),
        record: recordTargetOfLogStore(store),
      };
    },
    check: ({ retentionDays, shards }, { profile }) => [
      ...checkNumber(profile, 'retentionDays', retentionDays, logstoreRetentionDaysMax),
      ...checkNumber(profile, 'shards', shards, logstoreShardsMax),
    ],
    run: async ({ version, description, retentionDays, shards }, { store, profile }, ticket, context) => {
      const edits = {
        description: description === undefined ? undefined : (description ?? '').trim(),
        retentionDays: retentionDays ?? undefined,
        shards: shards ?? undefined,
      };
      const most = profile.get(logstoreShardsPerProjectMax);
      const service = context.service(logStoresServiceRef);
      const { before, after } = await service.update(store.uuid, version, edits, most, ticket);
      return { value: after, resultId: after.id, before: recordedLogStore(before), after: recordedLogStore(after) };
    },
    replay: asLogStore,
    success: {
      description: 'The log store was changed.',
      fields: (t) => ({
        logStore: t.field({
          type: logStoreTypeRef,
          description: 'The log store; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
}

const asLogStore = (node: unknown): LogStore | null => (isLogStore(node) ? node : null);

function checkDescription(description: string | null | undefined): ValidationIssue[] {
  if ((description ?? '').length <= longestDescription) return [];
  const message = `description must have at most ${longestDescription} characters`;
  return [{ path: ['description'], code: 'too_long', message }];
}

/** 1 to what the profile allows. */
function checkNumber(
  profile: Profile,
  field: string,
  given: number | null | undefined,
  key: ProfileKey<number | null>,
): ValidationIssue[] {
  if (given === null || given === undefined) return [];
  const most = profile.get(key);
  if (given >= 1 && (most === null || given <= most)) return [];
  const range = most === null ? 'at least 1' : `1 to ${most}`;
  const message = `${field} must be ${range} by the profile '${profile.name}', got ${given}`;
  return [{ path: [field], code: 'out_of_range', message }];
}
