import type { KeywordRule } from "./public-rules/rules.ts";
import { passwordHash } from "./rules/hashes.ts";
import { hclDefault } from "./rules/hcl-default.ts";
import { headers } from "./rules/headers.ts";
import { jwt } from "./rules/jwt.ts";
import { SECRET_STEMS } from "./rules/key-names.ts";
import { kubernetesSecret } from "./rules/kubernetes-secret.ts";
import { namedValues } from "./rules/named-values.ts";
import { pairs } from "./rules/pairs.ts";
import { privateKey } from "./rules/private-key.ts";
import { urlCredentials } from "./rules/urls.ts";
import { vendorTokens } from "./rules/vendor-tokens.ts";
import { webhooks } from "./rules/webhooks.ts";

const words = (text: string): string[] => text.split(" ");

/** Rules of our own, each with the words without which it can find nothing. */
export const ownRules: readonly KeywordRule[] = [
  { keywords: ["-----begin"], rule: privateKey },
  ...vendorTokens,
  ...webhooks,
  { keywords: ["eyj"], rule: jwt },
  { keywords: ["://", ":\\/\\/", "%3a%2f%2f"], rule: urlCredentials },
  {
    keywords: [
      ...words("bearer basic cookie signature sig= sig%3d auth x-amz- x-goog- x-vault- x-gitlab- x-functions"),
      ...words(
        "x-api- x-shopify x-registry x-csrf x-xsrf api-key private-token job-token dd-api dd-application ocp-apim",
      ),
      "-b ",
      "-b=",
      "--cookie",
    ],
    rule: headers,
  },
  { keywords: SECRET_STEMS, rule: pairs },
  ...namedValues,
  { keywords: ["variable"], rule: hclDefault },
  { keywords: ["kind:"], rule: kubernetesSecret },
  {
    keywords: [
      "$1$",
      "$2$",
      "$2a$",
      "$2b$",
      "$2x$",
      "$2y$",
      "$5$",
      "$6$",
      "$y$",
      "$7$",
      "$apr1$",
      "$argon2",
      "$scrypt",
      "$pbkdf2",
    ],
    rule: passwordHash,
  },
];
