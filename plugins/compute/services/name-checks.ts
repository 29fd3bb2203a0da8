import { secretKind } from 'longshore/plugins/core';
import { type KindRef, type NameCheck, origin, resolveNode } from 'longshore/sdk';
import { anyWorkloadKinds, configMapKind } from '../api.ts';
import { applicationName, configKeyName, configName, secretName, workloadName } from '../profile-keys/names.ts';
import { idOfWorkspace, instanceOfApplication } from './applications/applications.ts';
import { applicationsNamed, applicationsServiceRef } from './applications/applications-service.ts';

/** Names of configuration and workloads (CORE-36). */
export const computeNameChecks: readonly NameCheck[] = [
  objectName('CONFIG_MAP', 'A ConfigMap.', configName, [configMapKind as KindRef]),
  objectName('SECRET', 'A Secret.', secretName, [secretKind as KindRef]),
  objectName('WORKLOAD', 'A workload of whatever kind.', workloadName, anyWorkloadKinds),
  {
    of: 'APPLICATION',
    description: 'An application: of the namespace, or with `parentId` of the workspace with this id.',
    rule: applicationName,
    isTaken: async (name, place, context) => {
      const rows = await context.service(applicationsServiceRef).list(applicationsNamed(name));
      return rows
        .filter((row) => context.access.allowed('READ', instanceOfApplication(row)))
        .some(({ cluster, namespace, workspaceUuid }) =>
          workspaceUuid === null
            ? cluster === place.cluster && namespace === place.namespace
            : idOfWorkspace(workspaceUuid) === place.parentId,
        );
    },
  },
  keyName('CONFIG_MAP_KEY', 'A key of a ConfigMap; with `parentId` one that is there already.', 'ConfigMap'),
  keyName('SECRET_KEY', 'A key of a Secret; with `parentId` one that is there already.', 'Secret'),
];

function objectName(of: string, description: string, rule: NameCheck['rule'], kinds: readonly KindRef[]): NameCheck {
  return {
    of,
    description,
    needs: ['cluster', 'namespace'],
    rule,
    isTaken: async (name, { cluster = '', namespace }, context) => {
      const reader = context.kube(cluster);
      const found = await Promise.all(kinds.map((kind) => reader.get(kind, namespace, name)));
      return found.some((object) => object !== undefined);
    },
  };
}

function keyName(of: string, description: string, kind: 'ConfigMap' | 'Secret'): NameCheck {
  return {
    of,
    description,
    needs: ['cluster', 'namespace'],
    rule: configKeyName,
    isTaken: async (name, { parentId }, context) => {
      const node = parentId === undefined ? null : await resolveNode(parentId, context);
      if (!node || !(origin in node) || node[origin].kind !== kind || node[origin].group !== '') return false;
      const { data, binaryData } = node as { readonly data?: object; readonly binaryData?: object };
      return Object.hasOwn(data ?? {}, name) || Object.hasOwn(binaryData ?? {}, name);
    },
  };
}
