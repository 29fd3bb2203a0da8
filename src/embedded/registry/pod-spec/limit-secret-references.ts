import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';

const annotation = 'kubernetes.io/enforce-mountable-secrets';

/** Why an account that lets pods mount only the secrets it names refuses a pod; undefined when it does not. */
export function problemOfSecretReferences(spec: JsonObject, account: ClusterObject): string | undefined {
  if (!isTrue(account.metadata.annotations?.[annotation])) return undefined;
  const { name } = account.metadata;
  const isMountable = namesIn(account.secrets);
  const refuse = (what: string): string =>
    `${what} is not allowed because service account ${name} does not reference that secret`;
  for (const volume of asObjectList(spec.volumes)) {
    const secret = asObject(volume.secret);
    const wanted = asString(secret?.secretName) ?? '';
    if (secret !== undefined && !isMountable.has(wanted)) {
      return refuse(`volume with secret.secretName=${JSON.stringify(wanted)}`);
    }
  }
  for (const [list, noun] of [
    ['initContainers', 'init container'],
    ['containers', 'container'],
  ] as const) {
    for (const container of asObjectList(spec[list])) {
      const subject = `${noun} ${String(container.name)}`;
      const what = foreignSecret(container, isMountable);
      if (what !== undefined) return refuse(`${subject} with ${what}`);
    }
  }
  const isPullSecret = namesIn(account.imagePullSecrets);
  const at = asObjectList(spec.imagePullSecrets).findIndex((each) => !isPullSecret.has(String(each.name)));
  if (at === -1) return undefined;
  const wanted = String(asObjectList(spec.imagePullSecrets)[at]?.name);
  return `imagePullSecrets[${at}].name="${wanted}" is not allowed because service account ${name} does not reference that imagePullSecret`;
}

/** Whether the object asks for the annotation that is better done without. */
export function warnOfMountableSecrets(annotations: unknown): readonly string[] {
  return asObject(annotations)?.[annotation] === undefined
    ? []
    : [
        `metadata.annotations[${annotation}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
      ];
}

function foreignSecret(container: JsonObject, isMountable: ReadonlySet<string>): string | undefined {
  for (const variable of asObjectList(container.env)) {
    const wanted = asString(asObject(asObject(variable.valueFrom)?.secretKeyRef)?.name);
    if (wanted !== undefined && !isMountable.has(wanted)) {
      return `envVar ${String(variable.name)} referencing secret.secretName="${wanted}"`;
    }
  }
  for (const source of asObjectList(container.envFrom)) {
    const wanted = asString(asObject(source.secretRef)?.name);
    if (wanted !== undefined && !isMountable.has(wanted)) return `envFrom referencing secret.secretName="${wanted}"`;
  }
  return undefined;
}

function namesIn(references: unknown): ReadonlySet<string> {
  return new Set(asObjectList(references).map(({ name }) => String(name)));
}

/** True as Go's strconv.ParseBool reads it. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text);
}
