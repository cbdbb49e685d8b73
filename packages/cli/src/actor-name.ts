import { userInfo } from 'node:os'

/** The name of the operating system's user; its number where it has no name, as in many containers. */
export const actorName = (user: () => { username: string } = userInfo): string => {
  try {
    return user().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
