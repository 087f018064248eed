/** Secrets sealed with the lock's key before the host keeps them, each bound to its name. They stand beside those of before, under names of their own. */
import { decryptText, encryptText } from '../../../contract/sealing/aes-gcm.ts';
import type { KeptSecrets, SecretName, Secrets, Vault } from '../ports.ts';

export const SECRET_NAMES: readonly SecretName[] = ['device-token', 'device-key', 'workspace-keys', 'graph-token', 'api-token', 'model-key'];

export function createSealedSecrets(kept: KeptSecrets, vault: Pick<Vault, 'secretKey'>): Secrets {
  const about = (name: SecretName): string => `bandeja secret ${name} 1`;
  return {
    get: async (name) => {
      const sealed = await kept.get(`${name}.sealed`);
      if (sealed === null) return null;
      const text = decryptText(vault.secretKey, about(name), Buffer.from(sealed, 'base64'));
      if (text === null) throw new Error(`the secret ${name} was sealed with another key`);
      return text;
    },
    set: (name, value) => kept.set(`${name}.sealed`, encryptText(vault.secretKey, about(name), value).toString('base64')),
    delete: (name) => kept.delete(`${name}.sealed`),
  };
}
