package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the programs of a command line do, by name and, where they have them, subcommands. */
final class Programs {

  /** How a program is read. */
  enum Kind {
    /** Adds nothing. */
    NOTHING,
    /** Does one thing to the files that its operands name. */
    FILES,
    /** As {@link #FILES}, but nothing without files: it only passes on what it gets. */
    FILTER,
    /** A filter whose first operand is a pattern or a script. */
    SCRIPTED_FILTER,
    /** Speaks HTTP; the options say in which direction. */
    HTTP,
    /** Copies between hosts. */
    REMOTE_COPY,
    /** Opens a connection to the host of its operand. */
    CONNECTION,
    /** Has subcommands. */
    SUBCOMMANDS,
    /** Takes SQL in an option or operand. */
    SQL
  }

  /** A program's rule. */
  record Rule(Kind kind, Capability capability) {}

  private static final Map<String, Rule> TABLE = new HashMap<>();
  private static final Map<String, Map<String, Capability>> SUBCOMMANDS = new HashMap<>();

  static {
    put(
        Kind.NOTHING,
        null,
        ": [ [[ true false echo printf cd pushd popd pwd dirs export unset set shift local declare"
            + " typeset readonly alias unalias type hash test let read mapfile readarray trap wait"
            + " exit return break continue shopt umask ulimit getopts sleep usleep seq yes basename"
            + " dirname realpath readlink date cal expr bc tput clear reset stty tty shuf mktemp"
            + " times jobs fg bg disown history help bind complete compgen builtin command exec");
    put(
        Kind.FILTER,
        Capability.READ,
        "cat head tail less more most bat batcat sort uniq wc nl tac rev cut paste column fold fmt"
            + " expand unexpand pr join comm tsort od xxd hexdump hd strings base64 base32 basenc"
            + " md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum shasum md5"
            + " zcat bzcat xzcat zstdcat lz4cat iconv look csvlook json_pp pbcopy"
            + " xclip xsel");
    put(Kind.SCRIPTED_FILTER, Capability.READ, "awk gawk mawk nawk sed jq yq xq tr csvcut csvgrep");
    put(Kind.SCRIPTED_FILTER, Capability.SEARCH, "grep egrep fgrep zgrep rg ag ack ugrep pcregrep");
    put(
        Kind.FILES,
        Capability.READ,
        "file stat diff cmp sdiff vimdiff source . readelf nm objdump"
            + " getfacl lsattr env printenv exiftool pdftotext identify");
    put(
        Kind.FILES,
        Capability.SEARCH,
        "ls dir vdir exa eza lsd find fd fdfind locate plocate mdfind tree which whereis whence du"
            + " getent dig nslookup host whois");
    put(
        Kind.FILES,
        Capability.WRITE,
        "tee touch cp mv ln mkdir mkfifo mknod install dd truncate fallocate split csplit patch tar"
            + " bsdtar cpio zip unzip gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lz4 7z 7za rar"
            + " unrar ditto rename vi vim nvim nano emacs ed ex pico micro code convert ffmpeg");
    put(Kind.FILES, Capability.DELETE, "rm rmdir unlink shred srm trash trash-put wipe");
    put(
        Kind.FILES,
        Capability.AUTH,
        "ssh-add ssh-agent ssh-keygen ssh-copy-id gpg gpg2 gpg-agent gpgconf pass gopass op bw vault"
            + " security secret-tool keyctl keepassxc-cli login kinit klist htpasswd passwd chpasswd"
            + " aws-vault sops age gnome-keyring-daemon saml2aws oathtool");
    put(
        Kind.FILES,
        Capability.CONFIGURE,
        "chmod chown chgrp chattr setfacl xattr systemctl service launchctl crontab at batch sysctl"
            + " defaults update-alternatives ufw iptables ip6tables nft firewall-cmd ip ifconfig"
            + " route networksetup mount umount swapon swapoff losetup mkfs useradd userdel usermod"
            + " groupadd groupdel gpasswd hostnamectl timedatectl localectl loginctl modprobe insmod"
            + " rmmod apt apt-get aptitude dpkg yum dnf rpm zypper pacman apk brew port snap flatpak"
            + " nix nix-env asdf mise nvm pyenv rbenv rustup sdk corepack update-rc.d chkconfig"
            + " direnv ansible ansible-playbook puppet chef pulumi terraform tofu");
    put(
        Kind.FILES,
        Capability.MONITOR,
        "ps top htop btop atop pgrep pidof pstree lsof fuser ss netstat df free uptime vmstat iostat"
            + " mpstat sar dmesg journalctl w who last lastlog id whoami uname hostname groups nproc"
            + " lscpu lsblk lsusb lspci lsmod arch sw_vers system_profiler tcpdump tshark inotifywait"
            + " fswatch ping ping6 traceroute tracepath mtr nvidia-smi watch");
    put(
        Kind.FILES,
        Capability.DELEGATE,
        "claude codex gemini opencode qwen aider cursor-agent auggie droid goose crush amp kiro-cli"
            + " openhands cline");
    put(Kind.FILES, Capability.ESCALATE, "sudo su doas pkexec run0 sudoedit visudo setcap gksudo");
    put(
        Kind.HTTP,
        Capability.RECEIVE,
        "curl wget wget2 http https xh xhs httpie aria2c axel lynx w3m links elinks");
    put(Kind.REMOTE_COPY, Capability.SEND, "scp rsync rclone s3cmd gsutil azcopy sftp mc");
    put(
        Kind.CONNECTION,
        Capability.SEND,
        "nc ncat netcat socat telnet ftp lftp tftp mail mailx sendmail mutt msmtp swaks websocat wscat"
            + " curlie");
    put(Kind.CONNECTION, Capability.EXECUTE, "ssh autossh mosh rsh");
    put(
        Kind.SQL,
        Capability.READ,
        "psql mysql mariadb sqlite3 sqlite duckdb sqlcmd clickhouse-client"
            + " cockroach bq snowsql");

    sub(
        "git",
        Capability.READ,
        "status log diff show blame branch describe shortlog rev-parse"
            + " ls-files ls-tree cat-file reflog rev-list name-rev version help whatchanged");
    sub("git", Capability.SEARCH, "grep bisect");
    sub(
        "git",
        Capability.WRITE,
        "add commit checkout switch restore merge rebase reset stash apply am"
            + " cherry-pick tag init revert mv worktree update-index notes replace update-ref"
            + " format-patch archive bundle");
    sub("git", Capability.DELETE, "rm clean gc prune");
    sub("git", Capability.SEND, "push send-email request-pull send-pack");
    sub("git", Capability.RECEIVE, "pull fetch clone ls-remote submodule lfs fetch-pack");
    sub("git", Capability.CONFIGURE, "config remote");
    sub("git", Capability.AUTH, "credential");
    sub("gh", Capability.AUTH, "auth secret ssh-key gpg-key");
    sub("gh", Capability.SEND, "pr issue release gist api comment");
    sub("gh", Capability.RECEIVE, "repo run workflow browse search status");
    sub("gh", Capability.CONFIGURE, "config alias extension variable");
    sub("docker", Capability.AUTH, "login logout");
    sub("docker", Capability.SEND, "push");
    sub("docker", Capability.RECEIVE, "pull");
    sub("docker", Capability.MONITOR, "ps logs stats inspect top events images info version");
    sub("docker", Capability.DELETE, "rm rmi prune");
    sub("docker", Capability.CONFIGURE, "network volume context tag");
    sub("podman", "docker");
    sub("kubectl", Capability.READ, "get describe explain api-resources diff");
    sub("kubectl", Capability.MONITOR, "logs top events cluster-info version wait");
    sub(
        "kubectl",
        Capability.CONFIGURE,
        "apply create edit patch scale rollout label annotate config"
            + " set expose autoscale taint cordon drain");
    sub("kubectl", Capability.DELETE, "delete");
    sub("kubectl", Capability.SEND, "cp");
    sub("kubectl", Capability.AUTH, "auth certificate");
    sub("npm", Capability.SEND, "publish");
    sub("npm", Capability.AUTH, "login logout adduser token whoami");
    sub("npm", Capability.READ, "ls list outdated why explain");
    sub("npm", Capability.SEARCH, "search");
    sub("npm", Capability.RECEIVE, "view info show pack download audit");
    sub("npm", Capability.CONFIGURE, "config set get init");
    sub("npm", Capability.DELETE, "uninstall remove unpublish");
    sub("pnpm", "npm");
    sub("yarn", "npm");
    sub("pip", Capability.RECEIVE, "download index");
    sub("pip", Capability.READ, "list show freeze check");
    sub("pip", Capability.DELETE, "uninstall");
    sub("pip", Capability.CONFIGURE, "config");
    sub("pip3", "pip");
    sub("cargo", Capability.SEND, "publish");
    sub("cargo", Capability.AUTH, "login logout");
    sub("cargo", Capability.SEARCH, "search");
    sub("cargo", Capability.READ, "tree metadata");
    sub("twine", Capability.SEND, "upload");
    sub("gem", Capability.SEND, "push");
    sub("gem", Capability.AUTH, "signin signout");
    sub("aws", Capability.CONFIGURE, "configure");
    sub("aws", Capability.AUTH, "secretsmanager sso sts kms");
    sub("gcloud", Capability.AUTH, "auth secrets kms");
    sub("gcloud", Capability.CONFIGURE, "config");
    sub("az", Capability.AUTH, "login logout keyvault account");
    sub("az", Capability.CONFIGURE, "config");
    sub("heroku", Capability.AUTH, "auth login");
    sub("heroku", Capability.CONFIGURE, "config");
  }

  private static final Set<String> READ_ONLY_VERBS =
      Set.of("view", "list", "status", "diff", "checks");

  /** Subcommands that only name what the next one works on: {@code docker compose logs}. */
  private static final Set<String> GROUPS = Set.of("compose", "container", "image", "buildx");

  private Programs() {}

  private static void put(Kind kind, Capability capability, String names) {
    for (String name : names.split(" ")) {
      TABLE.put(name, new Rule(kind, capability));
    }
  }

  private static void sub(String program, Capability capability, String names) {
    TABLE.put(program, new Rule(Kind.SUBCOMMANDS, Capability.EXECUTE));
    Map<String, Capability> known = SUBCOMMANDS.computeIfAbsent(program, p -> new HashMap<>());
    for (String name : names.split(" ")) {
      known.put(name, capability);
    }
  }

  private static void sub(String program, String like) {
    TABLE.put(program, new Rule(Kind.SUBCOMMANDS, Capability.EXECUTE));
    SUBCOMMANDS.put(program, SUBCOMMANDS.get(like));
  }

  /** The rule of a program, or null when it is none of the table. */
  static Rule of(String program) {
    return TABLE.get(program);
  }

  /** What a subcommand does; {@code execute} for an unknown one. */
  static Capability subcommand(String program, String first, String second) {
    Map<String, Capability> known = SUBCOMMANDS.get(program);
    Capability found = known.get(GROUPS.contains(first) && second != null ? second : first);
    if (found == null) {
      return Capability.EXECUTE;
    }
    boolean looks = found == Capability.SEND && program.equals("gh");
    return looks && second != null && READ_ONLY_VERBS.contains(second) ? Capability.RECEIVE : found;
  }
}
