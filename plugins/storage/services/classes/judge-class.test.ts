import { describe, expect, it } from 'vitest';
import { storageClassForms } from '../../profile-keys/classes.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { ignoredParameters, judgeClass, type ToldClass } from './judge-class.ts';
import { writeClass } from './written-class.ts';

const aks = profileNamed('aks-public');
const everywhere = { REGION: new Set<string>(), ZONE: new Set<string>() };
const shanghai = { REGION: new Set(['CN-SHANGHAI']), ZONE: new Set(['CN-SHANGHAI-A']) };
const policies = { reclaimPolicy: 'Delete', volumeBindingMode: 'WaitForFirstConsumer' };

const disk = {
  storage_type: 'cloud_disk',
  type: 'cloud_ssd',
  serviceId: '8814fddf-5be7-4f8a-862c-f4a57c25a0b4-aliyun-disk-service-id',
};
const nas = {
  storage_type: 'cloud_nas',
  nasType: 'Performance',
  serviceId: '1c7aff75-8b4f-4d2c-8dac-74af0b830d86-aliyun-nas-service-id',
};
const place = {
  'failure-domain.beta.kubernetes.io/region': 'CN-SHANGHAI',
  'failure-domain.beta.kubernetes.io/zone': 'CN-SHANGHAI-A',
};
const told = (parameters: object, more: object = {}): ToldClass => ({
  provisioner: 'antcloud-csi',
  ...policies,
  parameters,
  ...more,
});
const judged = (it: ToldClass, places = everywhere) =>
  judgeClass(it, aks, places).map(({ path, code }) => `${path.join('.')} ${code}`);

describe('the contract for parameters of a class (STO-02)', () => {
  it.each([
    ['a cloud disk that is made where its pod is', told(disk)],
    ['a cloud disk in a zone', told({ ...disk, ...place }, { volumeBindingMode: 'Immediate' })],
    [
      'a cloud disk with all that may be said',
      told({
        ...disk,
        fsType: 'ext3',
        readOnly: 'false',
        planId: '02b41c80-915f-43cd-a574-e9cd446f13ea-aliyun-disk-plan-id',
      }),
    ],
    ['a place that means nothing', told({ ...disk, 'failure-domain.beta.kubernetes.io/zone': 'MARS' })],
    [
      'file storage at once, without a place',
      told({ ...nas, protocolType: 'NFS' }, { volumeBindingMode: 'Immediate' }),
    ],
  ])('takes %s (STO-02)', (_what, storageClass) => {
    expect(judged(storageClass, shanghai)).toEqual([]);
  });

  it.each([
    ['another provisioner', { ...told(disk), provisioner: 'disk.example.com' }, ['provisioner not_offered']],
    [
      'a sort of storage that there is none of',
      told({ ...disk, storage_type: 'tape' }),
      ['parameters.storage_type not_offered'],
    ],
    ['no sort of storage', told({}), ['parameters.storage_type required']],
    ['no parameters at all', { provisioner: 'antcloud-csi' }, ['parameters.storage_type required']],
    ['no type of disk', told({ ...disk, type: undefined }), ['parameters.type required']],
    ['a type that there is none of', told({ ...disk, type: 'floppy' }), ['parameters.type not_offered']],
    ['another service', told({ ...disk, serviceId: 'x' }), ['parameters.serviceId fixed_value']],
    ['SMB', told({ ...nas, protocolType: 'SMB' }), ['parameters.protocolType fixed_value']],
    ['a file system that disks do not have', told({ ...disk, fsType: 'xfs' }), ['parameters.fsType not_offered']],
    [
      'a parameter of file storage for a disk',
      told({ ...disk, nasType: 'Capacity' }),
      ['parameters.nasType unknown_parameter'],
    ],
    ['no reclaim policy', told(disk, { reclaimPolicy: undefined }), ['reclaimPolicy required']],
    [
      'no binding mode, which is Immediate, and so no place',
      told(disk, { volumeBindingMode: undefined }),
      [
        'volumeBindingMode required',
        'parameters.failure-domain.beta.kubernetes.io/region required',
        'parameters.failure-domain.beta.kubernetes.io/zone required',
      ],
    ],
  ])('refuses %s (STO-02)', (_what, storageClass, issues) => {
    expect(judged(storageClass as ToldClass)).toEqual(issues);
  });

  it('refuses a zone and region without nodes, where nodes say where they are (STO-02)', () => {
    const elsewhere = { ...place, 'failure-domain.beta.kubernetes.io/zone': 'CN-SHANGHAI-B' };
    const storageClass = told({ ...disk, ...elsewhere }, { volumeBindingMode: 'Immediate' });
    expect(judged(storageClass, shanghai)).toEqual(['parameters.failure-domain.beta.kubernetes.io/zone no_nodes']);
    expect(judged(storageClass)).toEqual([]);
  });

  it('tells what means nothing with the binding mode (STO-02)', () => {
    expect(ignoredParameters(told({ ...disk, ...place }), aks)).toHaveLength(2);
    expect(ignoredParameters(told({ ...disk, ...place }, { volumeBindingMode: 'Immediate' }), aks)).toEqual([]);
  });

  it.each(['default', 'ecs', 'csk', 'tcs'])('leaves parameters free by the profile %s (STO-01)', (name) => {
    expect(
      judgeClass({ provisioner: 'any.example.com', parameters: { a: 'b' } }, profileNamed(name), everywhere),
    ).toEqual([]);
  });

  it('is met by what the form of each sort fills in and its smallest input (STO-01, STO-02)', () => {
    const forms = aks.get(storageClassForms);
    expect(forms.map(({ name }) => name)).toEqual(['FILE_STORAGE', 'CLOUD_DISK']);
    for (const form of forms) {
      const parameters = form.parameters
        .filter(({ isRequired, values = [] }) => isRequired && values.length > 1)
        .map(({ name, values: [value = ''] = [] }) => ({ name, value }));
      const input = { cluster: 'c1', name: 'a', form: form.name, parameters, allowsExpansion: true, isDefault: true };
      const written = writeClass(
        { ...input, reclaimPolicy: 'RETAIN', volumeBindingMode: 'WAIT_FOR_FIRST_CONSUMER' },
        form,
      );
      expect(written).toMatchObject({
        provisioner: 'antcloud-csi',
        reclaimPolicy: 'Retain',
        allowVolumeExpansion: true,
      });
      expect(judged(written)).toEqual([]);
    }
  });
});
