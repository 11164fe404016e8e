/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** What comes after the fifth colon. */
  readonly resource: string;
}

export function readArn(text: string): Arn | undefined {
  const [, service, region, account, resource] = /^arn:[\w-]+:([\w-]+):([\w-]*):(\d*):(\S+)$/.exec(text.trim()) ?? [];
  if (service === undefined || region === undefined || account === undefined || resource === undefined)
    return undefined;
  return { service, region, account, resource };
}
