import { type LongshoreBuilder, origin, registerQuery, subjectOf, typeRef } from 'longshore/sdk';
import { storageClassKind, storageClassTypeRef } from '../../api.ts';
import {
  type ClassForm,
  type ClassParameter,
  storageClassForms,
  storageClassFormsOnly,
} from '../../profile-keys/classes.ts';
import { shownBytesOf } from '../../services/classes/bytes-of.ts';
import { type ClassCapabilities, capabilitiesOf } from '../../services/classes/class-capabilities.ts';
import { accessModeRef, bindingModeRef } from './storage-enums.ts';

interface Forms {
  readonly forms: readonly ClassForm[];
  readonly takesOthers: boolean;
}

const formsRef = typeRef<Forms>('StorageClassForms');
const formRef = typeRef<ClassForm>('StorageClassForm');
const parameterRef = typeRef<ClassParameter>('StorageClassFormParameter');
const capabilitiesRef = typeRef<ClassCapabilities>('StorageClassCapabilities');

/** What a form for classes must know of the profile's contracts (STO-02), and a form for claims of a class (STO-06 to STO-09). */
export function registerClassForms(builder: LongshoreBuilder): void {
  builder.objectType(parameterRef, {
    description: 'A parameter that a class of this sort of storage has, by the profile.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name.' }),
      description: t.exposeString('description', { description: 'What it is for; empty where nobody says.' }),
      isRequired: t.exposeBoolean('isRequired', { description: 'Whether it must be given, whatever else is.' }),
      requiredWith: t.field({
        type: bindingModeRef,
        nullable: true,
        description: 'The binding mode with which it must be given.',
        resolve: ({ requiredWith }) => requiredWith ?? null,
      }),
      ignoredWith: t.field({
        type: bindingModeRef,
        nullable: true,
        description: 'The binding mode with which it means nothing.',
        resolve: ({ ignoredWith }) => ignoredWith ?? null,
      }),
      values: t.stringList({
        description: 'What it may be; of one value it is fixed, of none anything.',
        resolve: ({ values }) => [...(values ?? [])],
      }),
      default: t.string({
        nullable: true,
        description: 'What its driver takes where it is not given.',
        resolve: (row) => row.default ?? null,
      }),
    }),
  });
  builder.objectType(formRef, {
    description: 'A sort of storage whose parameters the profile knows (STO-02).',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its word, for `createStorageClass(form:)`.' }),
      title: t.exposeString('title', { description: 'Its name for people.' }),
      description: t.exposeString('description', { description: 'What is to be known of it; empty where nothing is.' }),
      provisioner: t.exposeString('provisioner', { description: 'The provisioner that its classes must have.' }),
      parameters: t.field({
        type: [parameterRef],
        description: 'Parameters that its classes may have, and no others.',
        resolve: ({ parameters }) => [...parameters],
      }),
      mustSayReclaimPolicy: t.boolean({
        description: 'Whether the reclaim policy must be given.',
        resolve: ({ mustSay }) => mustSay.includes('RECLAIM_POLICY'),
      }),
      mustSayBindingMode: t.boolean({
        description: 'Whether the binding mode must be given.',
        resolve: ({ mustSay }) => mustSay.includes('BINDING_MODE'),
      }),
      accessModes: t.field({
        type: [accessModeRef],
        nullable: true,
        description: 'Access modes that its claims may have; null where nobody says.',
        resolve: ({ accessModes }) => accessModes ?? null,
      }),
    }),
  });
  builder.objectType(formsRef, {
    description: 'What classes may be made in a cluster.',
    fields: (t) => ({
      forms: t.field({
        type: [formRef],
        description: 'Sorts of storage that the profile knows.',
        resolve: ({ forms }) => [...forms],
      }),
      takesOthers: t.exposeBoolean('takesOthers', {
        description: 'Whether classes of other provisioners may be made, with parameters of any kind.',
      }),
    }),
  });
  registerQuery(builder, {
    name: 'storageClassForms',
    description:
      'What classes may be made in a cluster by its profile, so that forms can follow; null where the cluster is not there for you.',
    allow: { action: 'READ', subject: subjectOf(storageClassKind) },
    type: formsRef,
    nullable: true,
    args: (t) => ({ cluster: t.string({ required: true, description: "The cluster's name." }) }),
    resolve: ({ cluster }, { clusters, services }) => {
      if (!clusters.get(cluster)) return null;
      const profile = services.profiles.at({ cluster });
      return { forms: profile.get(storageClassForms), takesOthers: !profile.get(storageClassFormsOnly) };
    },
  });
  registerCapabilities(builder);
}

function registerCapabilities(builder: LongshoreBuilder): void {
  builder.objectType(capabilitiesRef, {
    description:
      'What claims of a class may ask for, as far as its form or the profile says so; the rest its driver decides.',
    fields: (t) => ({
      accessModes: t.field({
        type: [accessModeRef],
        nullable: true,
        description: 'Access modes that they may have; null where nobody says (STO-08).',
        resolve: ({ accessModes }) => (accessModes ? [...accessModes] : null),
      }),
      minimumSize: t.field({
        type: 'Quantity',
        nullable: true,
        description: 'The least that they may ask for; null where nobody says (STO-07).',
        resolve: ({ minimumSize }) => minimumSize ?? null,
      }),
      minimumBytes: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'The same in bytes.',
        resolve: ({ minimumSize }) => shownBytesOf(minimumSize) ?? null,
      }),
      maximumSize: t.field({
        type: 'Quantity',
        nullable: true,
        description: 'The most that they may ask for; null where nobody says (STO-09).',
        resolve: ({ maximumSize }) => maximumSize ?? null,
      }),
      maximumBytes: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'The same in bytes.',
        resolve: ({ maximumSize }) => shownBytesOf(maximumSize) ?? null,
      }),
      isZonal: t.exposeBoolean('isZonal', {
        description: 'Whether its volumes can be mounted in their own zone alone (STO-10).',
      }),
      isCapacityNominal: t.exposeBoolean('isCapacityNominal', {
        description: 'Whether nobody keeps pods from writing more than their claim asks for (STO-09).',
      }),
      form: t.string({
        nullable: true,
        description: 'The sort of storage, a word of `storageClassForms`; null where the profile does not know it.',
        resolve: ({ form }) => form ?? null,
      }),
    }),
  });
  builder.objectField(storageClassTypeRef, 'capabilities', (t) =>
    t.field({
      type: capabilitiesRef,
      description: 'What its claims may ask for.',
      args: {
        namespace: t.arg.string({
          description: "Where they are: the profile of that namespace holds, else the cluster's.",
        }),
      },
      resolve: (storageClass, { namespace }, { services }) => {
        const { cluster } = storageClass[origin];
        return capabilitiesOf(storageClass, services.profiles.at({ cluster, ...(namespace ? { namespace } : {}) }));
      },
    }),
  );
}
