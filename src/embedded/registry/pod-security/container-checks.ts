import { asList, asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import { type PodCheck, quoted, quotedSet, setters } from './pod-check.ts';

const allowedCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export const privileged: PodCheck = {
  id: 'privileged',
  level: 'baseline',
  check({ containers }) {
    const bad = namesOf(containers, (container) => securityOf(container).privileged === true);
    return bad.length === 0
      ? undefined
      : { reason: 'privileged', detail: `${quoted(bad)} must not set securityContext.privileged=true` };
  },
};

export const baselineCapabilities: PodCheck = {
  id: 'capabilities_baseline',
  level: 'baseline',
  check({ containers }) {
    const added = (container: JsonObject): string[] =>
      asList(asObject(securityOf(container).capabilities)?.add)
        .map(String)
        .filter((capability) => !allowedCapabilities.has(capability));
    const bad = namesOf(containers, (container) => added(container).length > 0);
    if (bad.length === 0) return undefined;
    const detail = `${quoted(bad)} must not include ${quotedSet(containers.flatMap(added))} in securityContext.capabilities.add`;
    return { reason: 'non-default capabilities', detail };
  },
};

export const restrictedCapabilities: PodCheck = {
  id: 'capabilities_restricted',
  since: 22,
  level: 'restricted',
  replaces: 'capabilities_baseline',
  check({ containers, isWindows }) {
    if (isWindows) return undefined;
    const capabilities = (container: JsonObject): JsonObject => asObject(securityOf(container).capabilities) ?? {};
    const added = (container: JsonObject): string[] =>
      asList(capabilities(container).add)
        .map(String)
        .filter((capability) => capability !== 'NET_BIND_SERVICE');
    const keeping = namesOf(containers, (container) => !asList(capabilities(container).drop).includes('ALL'));
    const adding = namesOf(containers, (container) => added(container).length > 0);
    const details = [
      ...(keeping.length === 0 ? [] : [`${quoted(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
      ...(adding.length === 0
        ? []
        : [
            `${quoted(adding)} must not include ${quotedSet(containers.flatMap(added))} in securityContext.capabilities.add`,
          ]),
    ];
    return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
  },
};

export const hostPorts: PodCheck = {
  id: 'hostPorts',
  level: 'baseline',
  check({ containers }) {
    const portsOf = (container: JsonObject): number[] =>
      asObjectList(container.ports)
        .map(({ hostPort }) => Number(hostPort ?? 0))
        .filter((port) => port !== 0);
    const bad = namesOf(containers, (container) => portsOf(container).length > 0);
    if (bad.length === 0) return undefined;
    const ports = [...new Set(containers.flatMap(portsOf).map(String))].sort();
    const verb = bad.length === 1 ? 'uses' : 'use';
    const noun = ports.length === 1 ? 'hostPort' : 'hostPorts';
    return { reason: 'hostPort', detail: `${quoted(bad)} ${verb} ${noun} ${ports.join(', ')}` };
  },
};

export const probeHosts: PodCheck = {
  id: 'hostProbesAndHostLifecycle',
  since: 34,
  level: 'baseline',
  check({ containers }) {
    const hostsOf = (container: JsonObject): string[] => {
      const lifecycle = asObject(container.lifecycle) ?? {};
      const handlers = [
        container.livenessProbe,
        container.readinessProbe,
        container.startupProbe,
        lifecycle.postStart,
        lifecycle.preStop,
      ];
      return handlers
        .map((handler) => asObject(handler) ?? {})
        .flatMap(({ httpGet, tcpSocket }) => [asObject(httpGet)?.host, asObject(tcpSocket)?.host])
        .filter((host): host is string => typeof host === 'string' && host !== '');
    };
    const bad = namesOf(containers, (container) => hostsOf(container).length > 0).sort();
    if (bad.length === 0) return undefined;
    const hosts = [...new Set(containers.flatMap(hostsOf))];
    const verb = bad.length === 1 ? 'uses' : 'use';
    const noun = `probe or lifecycle host${hosts.length === 1 ? '' : 's'}`;
    return { reason: 'probe or lifecycle host', detail: `${quoted(bad)} ${verb} ${noun} ${quotedSet(hosts)}` };
  },
};

export const baselineProcMount: PodCheck = {
  id: 'procMount',
  level: 'baseline',
  check: (pod) => (pod.hasOwnUsers ? undefined : checkProcMount(pod)),
};

export const restrictedProcMount: PodCheck = {
  id: 'procMount_restricted',
  since: 35,
  level: 'restricted',
  replaces: 'procMount',
  check: checkProcMount,
};

export const privilegeEscalation: PodCheck = {
  id: 'allowPrivilegeEscalation',
  since: 8,
  level: 'restricted',
  check({ containers, isWindows }) {
    if (isWindows) return undefined;
    const bad = namesOf(containers, (container) => securityOf(container).allowPrivilegeEscalation !== false);
    return bad.length === 0
      ? undefined
      : {
          reason: 'allowPrivilegeEscalation != false',
          detail: `${quoted(bad)} must set securityContext.allowPrivilegeEscalation=false`,
        };
  },
};

export const windowsHostProcess: PodCheck = {
  id: 'windowsHostProcess',
  level: 'baseline',
  check({ containers, security }) {
    const isHostProcess = (each: JsonObject): boolean => asObject(each.windowsOptions)?.hostProcess === true;
    const bad = namesOf(containers, (container) => isHostProcess(securityOf(container)));
    const who = setters(isHostProcess(security), bad);
    return who === ''
      ? undefined
      : { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
  },
};

function checkProcMount({ containers }: Parameters<PodCheck['check']>[0]): ReturnType<PodCheck['check']> {
  const mountOf = (container: JsonObject): string => asString(securityOf(container).procMount) ?? 'Default';
  const bad = namesOf(containers, (container) => mountOf(container) !== 'Default');
  if (bad.length === 0) return undefined;
  const mounts = containers.map(mountOf).filter((mount) => mount !== 'Default');
  return {
    reason: 'procMount',
    detail: `${quoted(bad)} must not set securityContext.procMount to ${quotedSet(mounts)}`,
  };
}

export function securityOf(container: JsonObject): JsonObject {
  return asObject(container.securityContext) ?? {};
}

export function namesOf(containers: readonly JsonObject[], isBad: (container: JsonObject) => boolean): string[] {
  return containers.filter(isBad).map(({ name }) => String(name));
}
