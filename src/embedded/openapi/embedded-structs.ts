interface Embedded {
  readonly struct: string;
  /** The fields that are the type's own. */
  readonly own: readonly string[];
}

const reference: Embedded = {
  struct: 'LocalObjectReference',
  own: ['key', 'optional', 'items', 'defaultMode'],
};
const embedded: Readonly<Record<string, Embedded>> = {
  'core/v1.Volume': { struct: 'VolumeSource', own: ['name'] },
  'core/v1.Probe': {
    struct: 'ProbeHandler',
    own: [
      'failureThreshold',
      'initialDelaySeconds',
      'periodSeconds',
      'successThreshold',
      'terminationGracePeriodSeconds',
      'timeoutSeconds',
    ],
  },
  'core/v1.EphemeralContainer': { struct: 'EphemeralContainerCommon', own: ['targetContainerName'] },
  'core/v1.PersistentVolumeSpec': {
    struct: 'PersistentVolumeSource',
    own: [
      'accessModes',
      'capacity',
      'claimRef',
      'mountOptions',
      'nodeAffinity',
      'persistentVolumeReclaimPolicy',
      'storageClassName',
      'volumeAttributesClassName',
      'volumeMode',
    ],
  },
  'core/v1.ConfigMapEnvSource': reference,
  'core/v1.ConfigMapKeySelector': reference,
  'core/v1.ConfigMapProjection': reference,
  'core/v1.ConfigMapVolumeSource': reference,
  'core/v1.SecretEnvSource': reference,
  'core/v1.SecretKeySelector': reference,
  'core/v1.SecretProjection': reference,
};

/** The Go structure that this field of a type comes from by embedding; messages of the real server's decoder name it. */
export function embeddedStructOf(typeName: string, field: string): string | undefined {
  const found = embedded[typeName];
  return found === undefined || found.own.includes(field) ? undefined : found.struct;
}
