import { definePlugin, type SubjectDescriptor } from 'longshore/sdk';
import { appServicesTopic, orchestrationTemplatesTopic } from './api.ts';
import { releasePermissions } from './permissions.ts';
import { releaseProfileKeys } from './profile-keys/release-profile-keys.ts';
import { registerTemplates } from './schema/templates/register-templates.ts';
import { releaseLabelCheck } from './services/guards/label-check.ts';
import { namespaceDeletionCheck, releaseDeletionCheck } from './services/guards/release-deletion-check.ts';
import { releaseGuard } from './services/guards/release-guard.ts';
import { createReleaseState, releaseStateRef } from './services/guards/release-state.ts';
import { appServiceDescriptor, releaseOrderDescriptor } from './services/subjects.ts';
import { templateDescriptor } from './services/templates/templates.ts';
import { createTemplatesService, templatesServiceRef } from './services/templates/templates-service.ts';
import * as tables from './tables.ts';

/** App services, their versions, and the orders that release them. Without it workloads are changed one by one. */
export const releasePlugin = definePlugin({
  name: 'release',
  version: '1.0.0',
  description: 'App services, their versions, and the orders that release them in groups; orchestration templates.',
  requires: { core: '^1', compute: '^1' },
  optional: { network: '^1' },
  actions: ['CANCEL', 'CONFIRM', 'RETRY'],
  services: [releaseStateRef, templatesServiceRef],
  subjects: [
    appServiceDescriptor as SubjectDescriptor,
    releaseOrderDescriptor as SubjectDescriptor,
    templateDescriptor as SubjectDescriptor,
  ],
  tables: { ...tables },
  topics: [appServicesTopic, orchestrationTemplatesTopic],
  permissions: releasePermissions,
  profileKeys: releaseProfileKeys,
  manifestChecks: [releaseLabelCheck],
  deletionChecks: [releaseDeletionCheck, namespaceDeletionCheck],
  changeGuards: [releaseGuard],
  reasons: {
    UNITS_GONE: 'It names deployment units that its workspace does not have any more.',
    NAME_TAKEN: 'Something that the platform did not make for it has the name.',
    SCALER_CANNOT_FOLLOW: 'A HorizontalPodAutoscaler scales it, and could not follow it from one version to the next.',
    RELEASE_ACTIVE: 'A release has the app service now: nobody else changes what it consists of.',
  },
  warnings: {
    RELEASED_BY_APP_SERVICE: 'The workload is how an app service was released: its next release undoes the change.',
  },
  schema: [registerTemplates],
  setup(env) {
    const { database, clock, topics } = env;
    env.provide(templatesServiceRef, createTemplatesService({ database, clock, topics }));
    env.provide(releaseStateRef, createReleaseState(env.database));
  },
});
