import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file with the certificates of authorities, as AWS_CA_BUNDLE names one. */
export async function bundle(pem: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "oncall-ca-")), "ca.pem");
  await writeFile(file, pem);
  return file;
}
