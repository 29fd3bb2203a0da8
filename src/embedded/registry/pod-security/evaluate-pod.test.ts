import { describe, expect, it } from 'vitest';
import { describeViolations, evaluatePod } from './evaluate-pod.ts';
import type { SecurityLevel } from './security-levels.ts';

const main = (extra: object = {}): object => ({ name: 'main', image: 'a', ...extra });
const secure = (securityContext: object): object => ({ containers: [main({ securityContext })] });
const tight = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const tightPod = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
const found = (level: SecurityLevel, spec: object, annotations: object = {}, version = 'latest'): string =>
  describeViolations(evaluatePod({ level, version }, { annotations }, spec as Record<string, unknown>));

describe('evaluatePod', () => {
  it.each<[string, object, string]>([
    [
      'a privileged container',
      secure({ privileged: true }),
      'privileged (container "main" must not set securityContext.privileged=true)',
    ],
    [
      'capabilities beyond the usual',
      secure({ capabilities: { add: ['SYS_ADMIN', 'CHOWN', 'NET_ADMIN'] } }),
      'non-default capabilities (container "main" must not include "NET_ADMIN", "SYS_ADMIN" in securityContext.capabilities.add)',
    ],
    [
      'the namespaces of the host',
      { containers: [main()], hostNetwork: true, hostPID: true, hostIPC: true },
      'host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)',
    ],
    [
      'paths of the host',
      {
        containers: [main()],
        volumes: [
          { name: 'a', hostPath: { path: '/a' } },
          { name: 'b', hostPath: { path: '/b' } },
        ],
      },
      'hostPath volumes (volumes "a", "b")',
    ],
    [
      'ports of the host',
      { containers: [main({ ports: [{ containerPort: 80, hostPort: 8080 }] })] },
      'hostPort (container "main" uses hostPort 8080)',
    ],
    [
      'probes of other hosts',
      { containers: [main({ livenessProbe: { httpGet: { host: 'evil', port: 80 } } })] },
      'probe or lifecycle host (container "main" uses probe or lifecycle host "evil")',
    ],
    [
      'an unmasked proc',
      secure({ procMount: 'Unmasked' }),
      'procMount (container "main" must not set securityContext.procMount to "Unmasked")',
    ],
    [
      'labels of SELinux',
      secure({ seLinuxOptions: { type: 'spc_t', user: 'u', role: 'r' } }),
      'seLinuxOptions (container "main" set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)',
    ],
    [
      'no seccomp at all',
      { containers: [main()], securityContext: { seccompProfile: { type: 'Unconfined' } } },
      'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
    ],
    [
      'unsafe sysctls',
      {
        containers: [main()],
        securityContext: {
          sysctls: [{ name: 'kernel.msgmax' }, { name: 'net.ipv4.tcp_syncookies' }, { name: 'kernel.sem' }],
        },
      },
      'forbidden sysctls (kernel.msgmax, kernel.sem)',
    ],
    [
      'processes of a Windows host',
      secure({ windowsOptions: { hostProcess: true } }),
      'hostProcess (container "main" must not set securityContext.windowsOptions.hostProcess=true)',
    ],
    [
      'no profile of AppArmor',
      secure({ appArmorProfile: { type: 'Unconfined' } }),
      'forbidden AppArmor profile (container "main" must not set AppArmor profile type to "Unconfined")',
    ],
  ])('does not let %s pass as baseline (refused)', (_name, spec, words) => {
    expect(found('baseline', spec)).toBe(words);
    expect(found('privileged', spec)).toBe('');
  });

  it('lets a plain pod pass as baseline', () => {
    expect(found('baseline', { containers: [main()] })).toBe('');
  });

  it('names everything a plain pod leaves open for restricted (refused)', () => {
    expect(found('restricted', { containers: [main()], initContainers: [{ name: 'init', image: 'b' }] })).toBe(
      'allowPrivilegeEscalation != false (containers "init", "main" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (containers "init", "main" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or containers "init", "main" must set securityContext.runAsNonRoot=true), seccompProfile (pod or containers "init", "main" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    );
  });

  it('judges paths of the host as one kind of volume among others for restricted (refused)', () => {
    const volumes = [
      { name: 'a', hostPath: { path: '/a' } },
      { name: 'b', nfs: { server: 's', path: '/' } },
      { name: 'c', emptyDir: {} },
    ];
    const spec = { containers: [main({ securityContext: tight })], securityContext: tightPod, volumes };
    expect(found('restricted', spec)).toBe(
      'restricted volume types (volumes "a", "b" use restricted volume types "hostPath", "nfs")',
    );
  });

  it('lets a pod that gives everything up pass as restricted', () => {
    expect(found('restricted', { containers: [main({ securityContext: tight })], securityContext: tightPod })).toBe('');
  });

  it('takes root for nobody in a pod with users of its own', () => {
    const securityContext = { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } };
    const spec = { containers: [main({ securityContext: tight })], securityContext };
    expect(found('restricted', { ...spec, hostUsers: false })).toBe('');
    expect(found('restricted', spec)).toBe(
      'runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true), runAsUser=0 (pod must not set runAsUser=0)',
    );
  });

  const odd = {
    containers: [main({ livenessProbe: { httpGet: { host: 'evil', port: 80 } }, securityContext: { runAsUser: 0 } })],
    securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem' }], seLinuxOptions: { type: 'container_engine_t' } },
  };
  it.each<[string, string[]]>([
    ['v1.0', ['seLinuxOptions', 'forbidden sysctls', 'runAsNonRoot != true']],
    ['v1.8', ['seLinuxOptions', 'forbidden sysctls', 'allowPrivilegeEscalation != false', 'runAsNonRoot != true']],
    [
      'v1.31',
      [
        'forbidden sysctls',
        'allowPrivilegeEscalation != false',
        'unrestricted capabilities',
        'runAsNonRoot != true',
        'runAsUser=0',
        'seccompProfile',
      ],
    ],
    [
      'v1.36',
      [
        'probe or lifecycle host',
        'allowPrivilegeEscalation != false',
        'unrestricted capabilities',
        'runAsNonRoot != true',
        'runAsUser=0',
        'seccompProfile',
      ],
    ],
  ])('judges by the rules of %s', (version, reasons) => {
    const violations = evaluatePod({ level: 'restricted', version }, {}, odd);
    expect(violations.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('lets pods with users of their own be root inside, as of 1.35', () => {
    const own = { hostUsers: false, containers: [main({ securityContext: { ...tight, runAsUser: 0 } })] };
    const spec = { ...own, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } };
    expect(found('restricted', spec, {}, 'v1.35')).toBe('');
    expect(found('restricted', spec, {}, 'v1.34')).toContain('runAsNonRoot != true');
  });
});
