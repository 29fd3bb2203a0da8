import {
  type FieldBuilder,
  ForbiddenError,
  inputRef,
  type LongshoreBuilder,
  type MutationSuccess,
  type OperationHandle,
  type ProfilePlace,
  type RequestContext,
  registerMutation,
} from 'longshore/sdk';
import { type ReleaseOrder, releaseOrderSubject, releaseOrderTypeRef } from '../../api.ts';
import { instanceOfAppService } from '../../services/app-services/app-services.ts';
import { appServicesServiceRef } from '../../services/app-services/app-services-service.ts';
import type { QuickChange } from '../../services/app-services/quick-version.ts';
import { orderSourceOf } from '../../services/objects/order-source.ts';
import {
  checkOrder,
  checkOrderAtPlace,
  type OrderInput,
  type OrderServiceInput,
} from '../../services/orders/check-order.ts';
import { orderDeskRef } from '../../services/orders/order-desk.ts';
import { isOrder, recordedOrder, recordTargetOfOrder } from '../../services/orders/order-nodes.ts';
import { preflightWarnings } from '../../services/preflight/finding.ts';
import { factsOfPlace } from '../../services/subjects.ts';
import { actorOf } from './change-order.ts';
import { previewOrder, releasePreviewRef } from './order-preview.ts';
import { findWanted, unitNamesOf, type WantedOrder, type WantedRelease } from './plan-input.ts';
import { preflightIssues, preflightWarningsOf } from './preflight-order.ts';

const serviceInputRef = inputRef<OrderServiceInput>('ReleaseOrderServiceInput');

const changeInputRef = inputRef<QuickChange>('ReleaseOrderChangeInput');
const imageInputRef = inputRef<{ container: string; image: string }>('ReleaseOrderImageInput');

interface CreatedOrder {
  readonly order: ReleaseOrder;
  /** In a dry run, where there are no rows to read them from. */
  readonly wanted: readonly WantedRelease[] | undefined;
}

/** Making release orders, of one app service or of several (REL-19 to REL-21). */
export function registerCreateReleaseOrder(builder: LongshoreBuilder): void {
  builder.inputType('ReleaseOrderServiceInput', {
    description: 'An app service of a release order.',
    fields: (t) => ({
      serviceId: t.id({ required: true, description: 'Global id of the app service.' }),
      versionId: t.id({
        description: 'Global id of the version to release, any that was submitted; the newest where not given.',
      }),
      change: t.field({
        type: changeInputRef,
        description:
          'In place of a version: one that is made with the order, of what runs (else of what was submitted last), and differs in this alone. A draft stays.',
      }),
      dependsOn: t.idList({
        description: 'Global ids of app services of the same order that are released first (REL-20).',
      }),
    }),
  });
  builder.inputType('ReleaseOrderImageInput', {
    description: 'Another image for a container.',
    fields: (t) => ({
      container: t.string({ required: true, description: 'Name of the container.' }),
      image: t.string({ required: true, description: 'Image with its tag or digest.' }),
    }),
  });
  builder.inputType('ReleaseOrderChangeInput', {
    description: 'What a new version changes of what runs: images, or the number of pods, or both (REL-13).',
    fields: (t) => ({
      images: t.field({ type: [imageInputRef], description: 'Other images, by containers.' }),
      replicas: t.int({ description: 'Another number of pods, in all deployment units together.' }),
    }),
  });
  registerMutation(builder, {
    name: 'createReleaseOrder',
    description:
      'Makes a release order of app services that are in no other one: RELEASE_ACTIVE where one is, or where its last release has failed and was neither retried nor taken back. It is planned at once, and started by `startReleaseOrder`. What the `preflight` of a version finds blocks it or has to be acknowledged. With `dryRun` its groups are computed and nothing is kept.',
    allow: { action: 'CREATE', subject: releaseOrderSubject },
    input: (t) => ({
      title: t.string({
        description:
          'What people call it, 1 to 128 characters; with one app service its name and version where not given.',
      }),
      workspaceId: t.id({
        description: 'Global id of the workspace that all app services are of; that which they share where not given.',
      }),
      units: t.stringList({ description: 'Deployment units to release to; all where not given or empty.' }),
      betaGroup: t.boolean({
        description:
          'Whether a new version is released to one pod of each deployment unit first; true where not given.',
      }),
      services: t.field({
        type: [serviceInputRef],
        required: true,
        description: 'What is released, each app service once; up to 200 (`release.orderServices` of the profile).',
      }),
    }),
    validate: (input) => checkOrder(input as OrderInput),
    load: async (input, context) => {
      const wanted = await findWanted(input as OrderInput, context);
      const facts = { subject: releaseOrderSubject, ...factsOfPlace(wanted.title, wanted) };
      const record = recordTargetOfOrder(wanted, wanted.title);
      return { value: wanted, instance: facts, record, place: profilePlaceOf(wanted) };
    },
    check: async (input, wanted, context) => {
      for (const { service } of wanted.releases) {
        if (context.access.allowed('UPDATE', instanceOfAppService(service))) continue;
        throw new ForbiddenError(`You may not release '${service.name}'.`);
      }
      const issues = [
        ...checkOrderAtPlace(
          input as OrderInput,
          await unitNamesOf(wanted, context),
          context.services.profiles.at(profilePlaceOf(wanted)),
        ),
        ...wanted.issues,
      ];
      return issues.length > 0 ? issues : preflightIssues(wanted, context);
    },
    warn: {
      codes: Object.keys(preflightWarnings),
      find: (_input, wanted, context) => preflightWarningsOf(wanted, context),
    },
    run: async (input, wanted, ticket, context) => {
      const { title, cluster, namespace, workspaceUuid, releases } = wanted;
      const source = orderSourceOf(context);
      const order = await context.service(orderDeskRef).create(
        {
          id: source?.orderId,
          title,
          workspaceId: workspaceUuid,
          cluster,
          namespace,
          units: [...new Set(input.units ?? [])],
          betaGroup: input.betaGroup ?? true,
          services: releases.map(({ service, version, dependsOn }) => ({
            serviceId: service.uuid,
            versionId: version.uuid,
            dependsOn,
          })),
          actor: actorOf(context),
        },
        ticket,
        async (within) => {
          await source?.claim(source.orderId);
          await keepNewVersions(releases, within, context);
        },
      );
      const value: CreatedOrder = { order, wanted: ticket.isDryRun ? releases : undefined };
      return { value, resultId: order.id, before: undefined, after: recordedOrder(order) };
    },
    replay: (node): CreatedOrder | null => (isOrder(node) ? { order: node, wanted: undefined } : null),
    success: {
      description: 'The release order was made.',
      fields: (t: FieldBuilder<MutationSuccess<CreatedOrder>>) => ({
        releaseOrder: t.field({
          type: releaseOrderTypeRef,
          description: 'The order; in a dry run as it would be, with an id of no use and without releases.',
          resolve: ({ value }) => value.order,
        }),
        preview: t.field({
          type: [releasePreviewRef],
          description: 'The groups of each app service, in the order of `services` (REL-29).',
          resolve: async ({ value: { order, wanted } }, _args, context) => [
            ...(await previewOrder(order, wanted, context)),
          ],
        }),
      }),
    },
  });
}

/** Versions that are made with the order, kept in its transaction: both are there, or neither. */
async function keepNewVersions(
  releases: readonly WantedRelease[],
  ticket: OperationHandle,
  context: RequestContext,
): Promise<void> {
  // Locked in the order of their ids, as the order itself does.
  const made = releases.filter(({ isNewVersion }) => isNewVersion);
  for (const { service, version } of made.sort((one, other) => (one.service.uuid < other.service.uuid ? -1 : 1))) {
    const { uuid, spec, basedOnUuid, createdBy: author } = version;
    const written = { uuid, spec, basedOnUuid, isSubmitted: true, author };
    await context.service(appServicesServiceRef).addSubmitted(service.uuid, written, ticket);
  }
}

const profilePlaceOf = ({ cluster, namespace, workspaceUuid }: WantedOrder): ProfilePlace =>
  cluster === null ? { workspace: workspaceUuid ?? undefined } : { cluster, namespace: namespace ?? undefined };
