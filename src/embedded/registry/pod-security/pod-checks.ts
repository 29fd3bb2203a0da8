import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import { appArmorPrefix } from '../pod-spec/adopt-app-armor-annotations.ts';
import { namesOf, securityOf } from './container-checks.ts';
import { type CheckedPod, type PodCheck, quoted, quotedSet, setters, type Violation } from './pod-check.ts';

const seccompTypes = ['RuntimeDefault', 'Localhost'];
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
/** Names that a container may set, by the minor version that allowed them. */
const safeSysctls: readonly (readonly [since: number, names: readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [
    29,
    [
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
    ],
  ],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
];
const safeVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

export const hostNamespaces: PodCheck = {
  id: 'hostNamespaces',
  level: 'baseline',
  check({ spec }) {
    const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => spec[key] === true);
    return shared.length === 0
      ? undefined
      : { reason: 'host namespaces', detail: shared.map((key) => `${key}=true`).join(', ') };
  },
};

export const hostPathVolumes: PodCheck = {
  id: 'hostPathVolumes',
  level: 'baseline',
  check({ spec }) {
    const bad = namesOf(asObjectList(spec.volumes), ({ hostPath }) => hostPath !== undefined);
    return bad.length === 0 ? undefined : { reason: 'hostPath volumes', detail: quoted(bad, 'volume') };
  },
};

export const restrictedVolumes: PodCheck = {
  id: 'restrictedVolumes',
  level: 'restricted',
  replaces: 'hostPathVolumes',
  check({ spec }) {
    const isSafe = (volume: JsonObject): boolean => safeVolumes.some((kind) => volume[kind] !== undefined);
    const volumes = asObjectList(spec.volumes).filter((volume) => !isSafe(volume));
    if (volumes.length === 0) return undefined;
    const types = volumes.map((volume) => Object.keys(volume).find((key) => key !== 'name') ?? 'unknown');
    const noun = `restricted volume type${new Set(types).size === 1 ? '' : 's'}`;
    const who = quoted(
      volumes.map(({ name }) => String(name)),
      'volume',
    );
    const verb = volumes.length === 1 ? 'uses' : 'use';
    return { reason: 'restricted volume types', detail: `${who} ${verb} ${noun} ${quotedSet(types)}` };
  },
};

export const appArmorProfile: PodCheck = {
  id: 'appArmorProfile',
  level: 'baseline',
  check({ annotations, containers, security }) {
    const typeOf = (each: JsonObject): string | undefined => asString(asObject(each.appArmorProfile)?.type);
    const isBad = (type: string | undefined): type is string => type !== undefined && !seccompTypes.includes(type);
    const bad = namesOf(containers, (container) => isBad(typeOf(securityOf(container))));
    const values = [security, ...containers.map(securityOf)].map(typeOf).filter(isBad);
    const marks = Object.entries(annotations)
      .filter(([key, value]) => key.startsWith(appArmorPrefix) && !isAllowedProfile(String(value)))
      .map(([key, value]) => `${key}="${String(value)}"`)
      .sort();
    const noun = `annotation${marks.length === 1 ? '' : 's'}`;
    const who = [setters(isBad(typeOf(security)), bad), ...(marks.length === 0 ? [] : [noun])];
    const list = [...new Set(values)].sort();
    const all = [...list, ...marks];
    if (all.length === 0) return undefined;
    return {
      reason: `forbidden AppArmor profile${all.length === 1 ? '' : 's'}`,
      detail: `${who.filter((each) => each !== '').join(' and ')} must not set AppArmor profile type to ${all.map((value) => `"${value}"`).join(', ')}`,
    };
  },
};

export const seLinuxOptions: PodCheck = {
  id: 'seLinuxOptions',
  level: 'baseline',
  check({ containers, security, minor }) {
    const isAllowed = (type: string): boolean =>
      seLinuxTypes.includes(type) || (minor >= 31 && type === 'container_engine_t');
    const optionsOf = (each: JsonObject): JsonObject | undefined => asObject(each.seLinuxOptions);
    const typeOf = (options: JsonObject): string => asString(options.type) ?? '';
    const isBad = (options: JsonObject | undefined): options is JsonObject =>
      options !== undefined &&
      (!isAllowed(typeOf(options)) || (options.user ?? '') !== '' || (options.role ?? '') !== '');
    const bad = namesOf(containers, (container) => isBad(optionsOf(securityOf(container))));
    const who = setters(isBad(optionsOf(security)), bad);
    if (who === '') return undefined;
    const options = [security, ...containers.map(securityOf)].map(optionsOf).filter(isBad);
    const types = [...new Set(options.map(typeOf).filter((type) => !isAllowed(type)))];
    const what = [
      ...(types.length === 0 ? [] : [`type${types.length === 1 ? '' : 's'} ${quotedSet(types)}`]),
      ...(options.some(({ user }) => (user ?? '') !== '') ? ['user may not be set'] : []),
      ...(options.some(({ role }) => (role ?? '') !== '') ? ['role may not be set'] : []),
    ];
    const detail = `${who} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`;
    return { reason: 'seLinuxOptions', detail };
  },
};

export const baselineSeccomp: PodCheck = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  check: (pod) => (pod.minor < 19 ? annotatedSeccomp(pod) : explicitSeccomp(pod)),
};

export const restrictedSeccomp: PodCheck = {
  id: 'seccompProfile_restricted',
  since: 19,
  level: 'restricted',
  replaces: 'seccompProfile_baseline',
  check(pod) {
    if (pod.isWindows) return undefined;
    const explicit = explicitSeccomp(pod);
    if (explicit !== undefined || seccompOf(pod.security) !== undefined) return explicit;
    const bad = namesOf(pod.containers, (container) => seccompOf(securityOf(container)) === undefined);
    if (bad.length === 0) return undefined;
    const detail = `pod or ${quoted(bad)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
    return { reason: 'seccompProfile', detail };
  },
};

export const sysctls: PodCheck = {
  id: 'sysctls',
  level: 'baseline',
  check({ security, minor }) {
    const safe = safeSysctls.filter(([since]) => since <= minor).flatMap(([, names]) => names);
    const bad = asObjectList(security.sysctls)
      .map(({ name }) => String(name))
      .filter((name) => !safe.includes(name));
    return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
  },
};

export const runAsNonRoot: PodCheck = {
  id: 'runAsNonRoot',
  level: 'restricted',
  check({ containers, security, hasOwnUsers }) {
    if (hasOwnUsers) return undefined;
    const reason = 'runAsNonRoot != true';
    const rooted = namesOf(containers, (container) => securityOf(container).runAsNonRoot === false);
    const who = setters(security.runAsNonRoot === false, rooted);
    if (who !== '') return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
    if (security.runAsNonRoot === true) return undefined;
    const silent = namesOf(containers, (container) => securityOf(container).runAsNonRoot === undefined);
    if (silent.length === 0) return undefined;
    return { reason, detail: `pod or ${quoted(silent)} must set securityContext.runAsNonRoot=true` };
  },
};

export const runAsUser: PodCheck = {
  id: 'runAsUser',
  since: 23,
  level: 'restricted',
  check({ containers, security, hasOwnUsers }) {
    if (hasOwnUsers) return undefined;
    const bad = namesOf(containers, (container) => securityOf(container).runAsUser === 0);
    const who = setters(security.runAsUser === 0, bad);
    return who === '' ? undefined : { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` };
  },
};

function explicitSeccomp({ containers, security }: CheckedPod): Violation | undefined {
  const isBad = (type: string | undefined): type is string => type !== undefined && !seccompTypes.includes(type);
  const bad = namesOf(containers, (container) => isBad(seccompOf(securityOf(container))));
  const who = setters(isBad(seccompOf(security)), bad);
  if (who === '') return undefined;
  const types = [security, ...containers.map(securityOf)].map(seccompOf).filter(isBad);
  return {
    reason: 'seccompProfile',
    detail: `${who} must not set securityContext.seccompProfile.type to ${quotedSet(types)}`,
  };
}

/** Before there was a field for it, the profile was an annotation. */
function annotatedSeccomp({ annotations, containers }: CheckedPod): Violation | undefined {
  const keys = [
    'seccomp.security.alpha.kubernetes.io/pod',
    ...containers.map(({ name }) => `container.seccomp.security.alpha.kubernetes.io/${String(name)}`),
  ];
  const isBad = (profile: unknown): boolean =>
    typeof profile === 'string' && !/^(runtime\/default$|docker\/default$|localhost\/)/.test(profile);
  const bad = [...new Set(keys)].filter((key) => isBad(annotations[key])).sort();
  if (bad.length === 0) return undefined;
  const list = bad.map((key) => `${key}=${JSON.stringify(annotations[key])}`).join(', ');
  return { reason: 'seccompProfile', detail: `forbidden annotation${bad.length === 1 ? '' : 's'} ${list}` };
}

function seccompOf(security: JsonObject): string | undefined {
  const profile = asObject(security.seccompProfile);
  return profile === undefined ? undefined : (asString(profile.type) ?? '');
}

function isAllowedProfile(profile: string): boolean {
  return profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/');
}
