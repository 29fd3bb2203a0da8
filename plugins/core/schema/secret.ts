import {
  certificateOfSecret,
  defineKubernetesList,
  idOfObject,
  type LongshoreBuilder,
  listKubernetesObjects,
  onRequestOnly,
  origin,
  type RequestContext,
  RequestError,
  registerKubernetesType,
  registerList,
  registerQuery,
  typeRef,
  updateTimeOf,
} from 'longshore/sdk';
import { registryAnnotation, type SecretObject, secretKind, secretTypeRef } from '../api.ts';
import { decodeSecretValue, type SecretEncoding } from '../services/secret/decode-secret-value.ts';
import { listSecretKeys, type SecretKey } from '../services/secret/list-secret-keys.ts';
import { type SecretType, secretTypeOf, secretTypes } from '../services/secret/secret-types.ts';
import { registerCertificate } from './certificate.ts';

const readSecret = { action: 'READ', subject: 'core/Secret' } as const;

/** Secrets with their values sealed, and the one field that opens a value. */
export function registerSecret(builder: LongshoreBuilder): void {
  const encoding = builder.enumType('SecretEncoding', {
    description: 'How a value is written.',
    values: {
      UTF8: { description: 'As text; an error where it is none.' },
      BASE64: { description: 'As base64, fit for any bytes.' },
    } as const,
  });
  const type = builder.enumType('SecretType', {
    description: 'What a Secret is for.',
    values: Object.fromEntries(
      Object.entries(secretTypes).map(([name, { description }]) => [name, { description }]),
    ) as Record<SecretType, { description: string }>,
  });
  const certificate = registerCertificate(builder);
  const key = typeRef<SecretKey>('SecretKey');
  builder.objectType(key, {
    description: 'A key of a Secret.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'The key.' }),
      bytes: t.exposeInt('bytes', { description: 'Length of its value in bytes.' }),
    }),
  });
  registerKubernetesType(builder, {
    ref: secretTypeRef,
    kind: secretKind,
    description: 'A Secret. Its values are never kept by the gateway, and never shown but by `value`.',
    fields: (t) => ({
      type: t.field({ type, description: 'What it is for.', resolve: secretTypeOf }),
      rawType: t.string({
        description: 'The same as Kubernetes writes it, e.g. `Opaque` or `kubernetes.io/tls`.',
        resolve: (secret) => secret.type ?? 'Opaque',
      }),
      registry: t.string({
        nullable: true,
        description: 'Of REGISTRY_CREDENTIALS the address of the registry; else null.',
        resolve: (secret) =>
          secretTypeOf(secret) === 'REGISTRY_CREDENTIALS'
            ? (secret.metadata.annotations?.[registryAnnotation] ?? null)
            : null,
      }),
      certificate: t.field({
        type: certificate,
        nullable: true,
        description: 'Of type TLS what its certificate tells everybody; null where it has none that can be read.',
        resolve: (secret) => secret[certificateOfSecret] ?? null,
      }),
      updatedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'When it was last written, to the second, by the managed fields of its cluster; null where that keeps none. Clusters note no time for a write of others that only took keys away.',
        resolve: (object) => updateTimeOf(object) ?? null,
      }),
      isImmutable: t.boolean({
        description: 'Whether its values can no longer change.',
        resolve: (secret) => secret.immutable === true,
      }),
      keys: t.field({
        type: [key],
        description: 'Its keys by name, with the lengths of their values.',
        resolve: (secret) => [...listSecretKeys(secret)],
      }),
      value: t.string({
        nullable: true,
        description:
          'One value, read from the cluster at this moment; null where the key is not there. Needs the right READ_SECRET_VALUE.',
        extensions: onRequestOnly,
        args: {
          key: t.arg.string({ required: true, description: 'The key.' }),
          encoding: t.arg({
            type: encoding,
            required: true,
            defaultValue: 'UTF8',
            description: 'How the value is to be written.',
          }),
        },
        resolve: (secret, args, context) => readValue(secret, args.key, args.encoding, context),
      }),
    }),
  });
  const list = defineKubernetesList(builder, {
    name: 'Secret',
    node: secretTypeRef,
    plural: 'secrets',
    isNamespaced: true,
    filter: (t) => ({
      types: t.field({ type: [type], description: 'Only of these types.' }),
      certificateExpiresBefore: t.field({
        type: 'DateTime',
        description: 'Only those with a certificate that is good no longer than this.',
      }),
    }),
    matches:
      ({ types, certificateExpiresBefore: before }) =>
      (secret) => {
        if (types && !types.includes(secretTypeOf(secret))) return false;
        return !before || (secret[certificateOfSecret]?.notAfter ?? Number.POSITIVE_INFINITY) < before.getTime();
      },
    orders: {
      UPDATED_AT: { description: 'By `updatedAt`.', value: updateTimeOf },
      TYPE: { description: 'By type.', value: (secret) => secret.type ?? 'Opaque' },
      CERTIFICATE_NOT_AFTER: {
        description: 'By the time until which its certificate is good.',
        value: (secret) => secret[certificateOfSecret]?.notAfter,
      },
    },
  });
  registerList(builder, {
    name: 'secrets',
    description: 'The Secrets that you may see, with their values sealed.',
    allow: readSecret,
    list,
    rows: (args, context) => listKubernetesObjects([secretKind], args, context),
  });
  registerQuery(builder, {
    name: 'secret',
    description: 'One Secret with its values sealed; null where it is not there or not for you.',
    allow: readSecret,
    type: secretTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: async ({ cluster, namespace, name }, context) => {
      if (!context.clusters.get(cluster)) return null;
      return (await context.kube(cluster).get(secretKind, namespace, name)) ?? null;
    },
  });
}

/** Values that one request may read: each is a call to the cluster. */
const maxValues = 50;
const valuesRead = {};

async function readValue(
  secret: SecretObject,
  key: string,
  encoding: SecretEncoding,
  context: RequestContext,
): Promise<string | null> {
  const { namespace = '', name } = secret.metadata;
  const read = {
    action: 'readSecretValue',
    category: 'SECRET_READ',
    principal: context.principal,
    requestId: context.requestId,
    target: {
      plugin: 'core',
      type: 'Secret',
      id: idOfObject(secret),
      cluster: secret[origin].cluster,
      namespace,
      kind: 'Secret',
      name,
    },
    detail: `key ${key.slice(0, 253)}`,
  } as const;
  const budget = context.memo(valuesRead, () => ({ count: 0 }));
  budget.count += 1;
  if (budget.count > maxValues) {
    throw new RequestError('TOO_COMPLEX', `One request may read ${maxValues} values of Secrets at the most`);
  }
  if (!context.access.allowed('READ_SECRET_VALUE', secret)) {
    const refusal = new RequestError('FORBIDDEN', `You may not read values of Secret '${namespace}/${name}'`);
    await context.operations.recordRefusal(read, refusal);
    throw refusal;
  }
  const cluster = context.cluster(secret[origin].cluster);
  const bytes = await cluster.secretValue(context.principal, namespace, name, key);
  if (bytes === undefined) return null;
  const value = decodeSecretValue(bytes, encoding);
  // Nobody sees it of whom it is not known: where that cannot be written down, the value stays here.
  await context.operations.record(read);
  return value;
}
