import { defineCrd, type Schema } from '../../define-crd.ts';
import { group } from '../kinds.ts';
import { ageColumn, count, countOrPercent, flag, generation, text, time } from '../shared-schemas.ts';

const probeHandler: Schema = {
  type: 'object',
  properties: {
    exec: {
      type: 'object',
      properties: { command: { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' } },
    },
    httpGet: {
      type: 'object',
      required: ['port'],
      properties: {
        host: text,
        httpHeaders: {
          type: 'array',
          items: { type: 'object', required: ['name', 'value'], properties: { name: text, value: text } },
          'x-kubernetes-list-type': 'atomic',
        },
        path: text,
        port: countOrPercent,
        scheme: text,
      },
    },
    tcpSocket: { type: 'object', required: ['port'], properties: { host: text, port: countOrPercent } },
  },
};

const ports: Schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['containerPort'],
    properties: {
      containerPort: count,
      hostIP: text,
      hostPort: count,
      name: text,
      protocol: { type: 'string', default: 'TCP' },
    },
  },
};

/** ContainerRecreateRequest as OpenKruise 1.9 serves it. */
export const recreateRequestDefinition = defineCrd(
  {
    group,
    kind: 'ContainerRecreateRequest',
    plural: 'containerrecreaterequests',
    shortNames: ['crr'],
    description: 'ContainerRecreateRequest restarts containers of a pod that stays.',
  },
  [
    {
      name: 'v1alpha1',
      spec: {
        type: 'object',
        required: ['containers', 'podName'],
        properties: {
          activeDeadlineSeconds: generation,
          containers: {
            type: 'array',
            items: {
              type: 'object',
              required: ['name'],
              properties: {
                name: text,
                ports,
                preStop: probeHandler,
                statusContext: {
                  type: 'object',
                  required: ['containerID', 'restartCount'],
                  properties: { containerID: text, restartCount: count },
                },
              },
            },
          },
          podName: text,
          strategy: {
            type: 'object',
            properties: {
              failurePolicy: text,
              forceRecreate: flag,
              minStartedSeconds: count,
              orderedRecreate: flag,
              terminationGracePeriodSeconds: generation,
              unreadyGracePeriodSeconds: generation,
            },
          },
          ttlSecondsAfterFinished: count,
        },
      },
      status: {
        type: 'object',
        required: ['phase'],
        properties: {
          completionTime: time,
          containerRecreateStates: {
            type: 'array',
            items: {
              type: 'object',
              required: ['name', 'phase'],
              properties: { isKilled: flag, message: text, name: text, phase: text },
            },
          },
          message: text,
          phase: text,
        },
      },
      columns: [
        {
          name: 'PHASE',
          type: 'string',
          jsonPath: '.status.phase',
          description: 'Phase of this ContainerRecreateRequest.',
        },
        {
          name: 'POD',
          type: 'string',
          jsonPath: '.spec.podName',
          description: 'Pod name of this ContainerRecreateRequest.',
        },
        {
          name: 'NODE',
          type: 'string',
          jsonPath: '.metadata.labels.crr\\.apps\\.kruise\\.io/node-name',
          description: 'Pod name of this ContainerRecreateRequest.',
        },
        ageColumn,
      ],
    },
  ],
);
