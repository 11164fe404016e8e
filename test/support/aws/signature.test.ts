import { expect, it } from "vitest";
import { checkSignature } from "./signature.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const vector = (signature: string) => ({
  method: "GET",
  url: new URL("http://example.amazonaws.com/?Param2=value2&Param1=value1"),
  headers: {
    host: "example.amazonaws.com",
    "x-amz-date": "20150830T123600Z",
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  },
  body: "",
});

it("the tests' own check of signatures agrees with AWS' published vector get-vanilla-query-order-key-case", () => {
  const published = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
  expect(checkSignature(vector(published), SECRET)).toMatchObject({ accessKeyId: "AKIDEXAMPLE", service: "service" });
  expect(() => checkSignature(vector(published.replace("b", "c")), SECRET)).toThrow(/the signature is c97d/);
});
