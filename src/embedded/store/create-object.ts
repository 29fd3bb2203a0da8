import { randomUUID } from 'node:crypto';
import { alreadyExists, forbidden, invalid, notFound, StatusError } from '../api/status-error.ts';
import { generatedSuffix } from '../machinery/generated-suffix.ts';
import { isEqualJson } from '../machinery/json.ts';
import type { AdmissionWebhooks } from '../registry/admission/admission-webhooks.ts';
import { admitObject, charged } from '../registry/admission/admit-object.ts';
import type { Charge } from '../registry/admission/admit-quota.ts';
import type { Draft, RegisteredResource, StrategyEnvironment } from '../registry/resource-strategy.ts';
import { FieldErrors } from '../registry/validation/field-errors.ts';
import { validateMetadata } from '../registry/validation/validate-metadata.ts';
import type { RegistryWrite } from './object-registry.ts';
import type { ObjectStorage } from './object-storage.ts';
import type { ResourceCatalog } from './resource-catalog.ts';
import { tidyMetadata } from './tidy-metadata.ts';
import { trackUpdate } from './track-update.ts';
import type { ClusterObject } from './types.ts';

const generatedNameLimit = 63;

/** Parts of the registry that the write functions share. */
export interface WriteContext {
  readonly catalog: ResourceCatalog;
  readonly storage: ObjectStorage;
  readonly environment: StrategyEnvironment;
  readonly webhooks: AdmissionWebhooks;
}

/** Creates an object in the order of the real write path: prepare, defaults, admission, validation, store. */
export function createObject(
  context: WriteContext,
  resource: RegisteredResource,
  draft: Draft,
  write: RegistryWrite,
): ClusterObject {
  const { definition, strategy } = resource;
  const { environment, storage, webhooks } = context;
  const { metadata } = draft;
  const refusal = resource.refusesCreation?.();
  if (refusal !== undefined) throw forbidden(definition, String(metadata.name ?? ''), refusal);
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== '') {
    // The one refusal of the real write path without a reason.
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  for (const owned of [
    'resourceVersion',
    'selfLink',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'managedFields',
  ]) {
    delete metadata[owned];
  }
  if (!definition.namespaced) delete metadata.namespace;
  tidyMetadata(metadata, write.warn);
  fillName(metadata, resource, context);
  const name = String(metadata.name ?? '');

  if (definition.namespaced) requireNamespace(context, resource, String(metadata.namespace ?? ''), name);
  metadata.uid = randomUUID();
  metadata.creationTimestamp = environment.now();
  // Kinds that count no generations keep what they are sent.
  if (strategy.generation !== 'none') metadata.generation = 1;
  if (definition.subresources.includes('status') && strategy.keepsStatusOnCreate !== true) delete draft.status;
  strategy.setDefaults?.(draft);
  // What admission and preparation add belongs to nobody.
  const managedFields = write.managedFields ?? trackUpdate(undefined, draft, resource, write, environment.now());
  if (write.requester !== undefined) strategy.authorizeWrite?.(draft, undefined, write.requester);
  // Of what was sent, not of what admission makes of it.
  const warnings = strategy.warningsOf?.(draft, undefined) ?? [];
  strategy.admitCreate?.(draft, environment);
  webhooks.mutate(definition, draft, undefined);
  strategy.prepareForCreate?.(draft, environment);

  const errors = new FieldErrors();
  validateMetadata(draft, strategy, errors);
  strategy.validate?.(draft, errors);
  strategy.validateCreate?.(draft, errors);
  if (errors.causes.length > 0) throw invalid(definition, name, errors.causes);
  strategy.allocate?.(draft, undefined, environment, errors);
  if (errors.causes.length > 0) throw invalid(definition, name, errors.causes);
  strategy.validateCreated?.(draft);
  webhooks.validate(definition, draft, undefined);
  const charges = admitObject(resource, draft, undefined, write, environment);

  const namespace = definition.namespaced ? String(metadata.namespace) : undefined;
  if (storage.get(definition, namespace, name) !== undefined) throw alreadyExists(definition, name);
  if (managedFields.length > 0) metadata.managedFields = managedFields;
  const object = orderMetadata(draft);
  for (const sentence of warnings) write.warn?.(sentence);
  if (write.dryRun === true) return object;
  const stored = storeObject(context, resource, object);
  chargeQuotas(context, charges);
  return stored;
}

/** Writes down what a write has used of the quotas, in the same turn as the write. */
export function chargeQuotas({ catalog, storage }: WriteContext, charges: readonly Charge[]): void {
  const quotas = catalog.find('', 'resourcequotas');
  if (quotas === undefined) return;
  for (const charge of charges) storage.put(quotas.definition, charged(charge));
}

/** Stores the object in its storage version and answers it in the version it came in. */
export function storeObject(
  { storage }: Pick<WriteContext, 'storage'>,
  { definition, codec }: RegisteredResource,
  object: ClusterObject,
): ClusterObject {
  if (codec === undefined) return storage.put(definition, object);
  return codec.fromStorage(storage.put(definition, codec.toStorage(object)));
}

/** The draft as an object whose metadata reads in the order a real server prints it. */
export function orderMetadata(draft: Draft): ClusterObject {
  const { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp, ...rest } =
    draft.metadata;
  // Empty lists and maps are as good as none, and printed as none.
  for (const key of ['labels', 'annotations', 'finalizers', 'ownerReferences']) {
    const value = rest[key];
    const isEmpty = Array.isArray(value) ? value.length === 0 : isEqualJson(value, {});
    if (isEmpty) delete rest[key];
  }
  const metadata = {
    name: String(name),
    ...(generateName === undefined ? {} : { generateName }),
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(generation === undefined ? {} : { generation }),
    creationTimestamp,
    ...rest,
  };
  return { ...draft, metadata } as unknown as ClusterObject;
}

function fillName(metadata: Draft['metadata'], resource: RegisteredResource, context: WriteContext): void {
  const base = metadata.generateName;
  if ((metadata.name ?? '') !== '' || typeof base !== 'string' || base === '') return;
  const namespace = typeof metadata.namespace === 'string' ? metadata.namespace : undefined;
  // A name that is taken is drawn again: eight tries, as the real server makes.
  for (let attempt = 0; attempt < 8; attempt += 1) {
    metadata.name = `${base.slice(0, generatedNameLimit - 5)}${generatedSuffix()}`;
    if (context.storage.get(resource.definition, namespace, String(metadata.name)) === undefined) return;
  }
}

function requireNamespace(context: WriteContext, resource: RegisteredResource, namespace: string, name: string): void {
  const namespaces = context.catalog.find('', 'namespaces');
  if (namespaces === undefined) return;
  const found = context.storage.get(namespaces.definition, undefined, namespace);
  if (found === undefined) throw notFound(namespaces.definition, namespace);
  if (found.metadata.deletionTimestamp !== undefined) {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw forbidden(resource.definition, name, why, [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ]);
  }
}
