import { describe, expect, it } from 'vitest';
import { createTestShell } from '../testing/run-in-shell.ts';

const setUp = 'cd /tmp; mkdir full empty; echo one > a; echo two > full/b; ln -s a link; ln -s full folder; ';

describe('file programs of simulated containers', () => {
  it.each([
    {
      name: 'mv takes the place of a file',
      script: 'mv -f a full/b; cat full/b; ls',
      out: 'one\nempty\nfolder\nfull\nlink\n',
    },
    {
      name: 'mv takes the place of a link, not of what it leads to',
      script: 'mv -f full/b link; cat link a',
      out: 'two\none\n',
    },
    { name: 'mv moves a link as it is', script: 'mv -f link empty/link; readlink empty/link', out: 'a\n' },
    { name: 'rmdir takes an empty directory', script: 'rmdir empty; ls', out: 'a\nfolder\nfull\nlink\n' },
    { name: 'head passes on so many bytes of its input', script: 'echo hello | head -c 3 > c; cat c', out: 'hel' },
  ])('$name', async ({ script, out }) => {
    const { stdout, stderr } = await createTestShell().run(setUp + script);
    expect({ stdout, stderr }).toEqual({ stdout: out, stderr: '' });
  });

  it.each([
    { script: 'rmdir full', words: "rmdir: 'full': Directory not empty\n" },
    { script: 'rmdir a', words: "rmdir: 'a': Not a directory\n" },
    { script: 'rmdir none', words: "rmdir: 'none': No such file or directory\n" },
  ])('refuses $script', async ({ script, words }) => {
    expect(await createTestShell().run(setUp + script)).toMatchObject({ status: 1, stderr: words });
  });
});
