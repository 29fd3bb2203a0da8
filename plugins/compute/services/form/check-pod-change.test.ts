import { describe, expect, it } from 'vitest';
import { checkPodChange } from './check-pod-change.ts';

const notReady = {
  key: 'node.kubernetes.io/not-ready',
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
};
const spec = {
  containers: [{ name: 'web', image: 'nginx:1', env: [{ name: 'A', value: '1' }] }],
  initContainers: [{ name: 'first', image: 'busybox' }],
  tolerations: [notReady],
  activeDeadlineSeconds: 600,
  restartPolicy: 'Always',
};
const [web] = spec.containers;
const misfitsOf = (change: object) =>
  checkPodChange({ spec }, { spec: { ...spec, ...change } }).map(({ path, code }) => `${path.join('.')} ${code}`);

describe('checkPodChange', () => {
  it.each<[string, object]>([
    ['nothing', {}],
    ['an image', { containers: [{ ...web, image: 'nginx:2' }] }],
    ['an image of an init container', { initContainers: [{ name: 'first', image: 'busybox:2' }] }],
    ['an earlier deadline', { activeDeadlineSeconds: 60 }],
    ['one more toleration', { tolerations: [notReady, { key: 'spot', operator: 'Exists' }] }],
    ['how long a toleration holds', { tolerations: [{ ...notReady, tolerationSeconds: 5 }] }],
    ['null for nothing', { hostname: null }],
  ])('lets a pod that is there have %s (CMP-86)', (_what, change) => {
    expect(misfitsOf(change)).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    ['a later deadline', { activeDeadlineSeconds: 601 }, ['spec.activeDeadlineSeconds out_of_range']],
    ['no deadline', { activeDeadlineSeconds: null }, ['spec.activeDeadlineSeconds out_of_range']],
    ['fewer tolerations', { tolerations: [] }, ['spec.tolerations not_removable']],
    ['other tolerations', { tolerations: [{ ...notReady, key: 'x' }] }, ['spec.tolerations not_removable']],
    ['another environment', { containers: [{ ...web, env: [] }] }, ['spec.containers.0.env not_changeable']],
    ['a probe', { containers: [{ ...web, livenessProbe: {} }] }, ['spec.containers.0.livenessProbe not_changeable']],
    ['one more container', { containers: [web, web] }, ['spec.containers not_changeable']],
    ['another name of a container', { containers: [{ ...web, name: 'b' }] }, ['spec.containers.0.name not_changeable']],
    ['another node', { nodeSelector: { disk: 'fast' } }, ['spec.nodeSelector not_changeable']],
    ['another restart policy', { restartPolicy: 'Never' }, ['spec.restartPolicy not_changeable']],
    ['other volumes', { volumes: [{ name: 'v', emptyDir: {} }] }, ['spec.volumes not_changeable']],
  ])('refuses a pod that is there %s (CMP-86) (refused)', (_what, change, expected) => {
    expect(misfitsOf(change)).toEqual(expected);
  });
});
