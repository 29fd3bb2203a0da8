import { parseQuantity, profileKey, profileValues, type TextRule, z } from 'longshore/sdk';

/** As Kubernetes has it (RFC 1123): what no profile can widen, since the cluster takes nothing else. */
const subdomain: TextRule = {
  min: 1,
  max: 253,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  says: "lower-case letters, digits, '-' and '.', each part beginning and ending with a letter or digit",
  examples: ['fast', 'fast-disk', 'fast.example.com', '0'],
};

export const storageClassName = profileKey({
  name: 'storageClass.name',
  schema: profileValues.textRule(253, subdomain),
  default: subdomain,
  description: 'Names of StorageClasses.',
  sources: ['STO-01'],
});

export const persistentVolumeName = profileKey({
  name: 'persistentVolume.name',
  schema: profileValues.textRule(253, subdomain),
  default: subdomain,
  description: 'Names of PersistentVolumes.',
  sources: ['STO-04'],
});

export const claimName = profileKey({
  name: 'claim.name',
  schema: profileValues.textRule(253, subdomain),
  default: subdomain,
  description: 'Names of PersistentVolumeClaims.',
  sources: ['STO-06'],
});

export const claimTemplateName = profileKey({
  name: 'claimTemplate.name',
  schema: profileValues.textRule(63),
  default: {
    min: 1,
    max: 63,
    pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
    says: "lower-case letters, digits and '-', beginning with a letter and ending with a letter or digit",
    examples: ['data', 'data-2', 'd'],
  },
  description: 'Names of the claims that a StatefulSet makes for each of its pods.',
  sources: ['STO-11'],
});

export const claimTemplateMinimumIsExclusive = profileKey({
  name: 'claimTemplate.minimumIsExclusive',
  schema: profileValues.onOff(),
  default: false,
  description:
    'Whether a claim template of a form must ask for a whole number of Gi above the minimum of its class; else the minimum is enough.',
  sources: ['CON-13', 'STO-07'],
});

export const claimTemplateNeedsService = profileKey({
  name: 'claimTemplate.needsService',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether the Service of a StatefulSet with claim templates must be there before it.',
  sources: ['STO-11'],
});

export const diskIdLabel = profileKey({
  name: 'volume.diskIdLabel',
  schema: profileValues.textOrNone(),
  default: 'longshore.dev/disk-id',
  description: 'Label of a volume that names the disk behind it; null: there is none.',
  sources: ['STO-05'],
});

export const staticVolumeRequires = profileKey({
  name: 'volume.staticRequires',
  schema: profileValues.someOf('DISK_ID', 'ATTRIBUTES'),
  default: [],
  description: 'What the form of a volume must say besides its driver and handle.',
  sources: ['STO-05'],
});

const word = z.string().min(1).max(253);
const quantity = z.string().refine((text) => parseQuantity(text) !== undefined);
const bindingMode = z.enum(['IMMEDIATE', 'WAIT_FOR_FIRST_CONSUMER']);

const parameter = z.strictObject({
  name: word,
  description: z.string().max(500).default(''),
  isRequired: z.boolean().default(false),
  /** Required by this binding mode alone. */
  requiredWith: bindingMode.optional(),
  /** With this binding mode it may be given and means nothing. */
  ignoredWith: bindingMode.optional(),
  /** What it may be; of one value it is fixed. Anything where absent. */
  values: z.array(z.string().max(500)).min(1).max(50).optional(),
  /** What it is where it is not given, by the driver. */
  default: z.string().optional(),
  /** A place of the nodes, which its value must be. */
  place: z.enum(['REGION', 'ZONE']).optional(),
});

const size = z.strictObject({
  /** Values of parameters for which it holds; for all where empty. */
  with: z.record(word, z.array(word).min(1)).default({}),
  minimum: quantity.optional(),
  maximum: quantity.optional(),
});

const form = z.strictObject({
  name: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  title: z.string().min(1).max(100),
  description: z.string().max(1_000).default(''),
  provisioner: word,
  /** Values of parameters that tell it from others of the provisioner. */
  toldBy: z.record(word, word).default({}),
  parameters: z.array(parameter).max(100),
  mustSay: z.array(z.enum(['RECLAIM_POLICY', 'BINDING_MODE'])).default([]),
  accessModes: z
    .array(z.enum(['READ_WRITE_ONCE', 'READ_ONLY_MANY', 'READ_WRITE_MANY', 'READ_WRITE_ONCE_POD']))
    .min(1)
    .optional(),
  sizes: z.array(size).max(20).default([]),
  /** Its volumes are mounted in their own zone alone. */
  isZonal: z.boolean().default(false),
  /** Nobody keeps pods from writing more than their claim asks for. */
  isCapacityNominal: z.boolean().default(false),
});

export type ClassForm = z.output<typeof form>;
export type ClassParameter = ClassForm['parameters'][number];

export const storageClassForms = profileKey({
  name: 'storageClass.forms',
  schema: z.array(form).max(20) as z.ZodType<ClassForm[], z.input<typeof form>[]>,
  default: [],
  description:
    'Sorts of storage whose parameters are known: what a class of each must say, and what its claims may ask for.',
  sources: ['STO-02', 'STO-07', 'STO-08', 'STO-09', 'CON-13', 'Appendix B'],
});

export const storageClassFormsOnly = profileKey({
  name: 'storageClass.formsOnly',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether no other classes than those of `storageClass.forms` may be made.',
  sources: ['STO-01', 'STO-02'],
});

export const classKeys = [
  storageClassName,
  persistentVolumeName,
  claimName,
  claimTemplateName,
  claimTemplateMinimumIsExclusive,
  claimTemplateNeedsService,
  diskIdLabel,
  staticVolumeRequires,
  storageClassForms,
  storageClassFormsOnly,
];
